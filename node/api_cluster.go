package node

import (
	"net/http"
	"strconv"
	"strings"

	"chatnode/actors/cluster"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

type instanceBody struct {
	InstanceID       string `json:"instanceId"`
	Incarnation      string `json:"incarnation,omitempty"`
	StartedAt        int64  `json:"startedAt"`     // ms since the Unix epoch
	LastHeartbeat    int64  `json:"lastHeartbeat"` // ms since the Unix epoch
	ConnectedClients int    `json:"connectedClients"`
	Suspect          bool   `json:"suspect"` // silent for more than 30 s
}

type linkBody struct {
	Mode        string   `json:"mode"` // ok, degraded
	Cause       string   `json:"cause,omitempty"`
	Since       int64    `json:"since"`
	Effects     []string `json:"effects,omitempty"`
	ProvenMsAgo int64    `json:"provenMsAgo"` // since it was last proven that this node hears what is published
}

type roomBody struct {
	Room   string     `json:"room"`
	Users  int        `json:"users"`
	Counts countsBody `json:"counts"`
}

type roomsBody struct {
	Total int        `json:"total"`
	Data  []roomBody `json:"data"`
	Next  string     `json:"next,omitempty"`
}

type actorBody struct {
	Kind     string  `json:"kind"`
	Live     int64   `json:"live"`
	Depth    int     `json:"depth"`
	Fullest  float64 `json:"fullest"` // of its bound
	Handled  uint64  `json:"handled"`
	Refused  uint64  `json:"refused"`
	Waited   uint64  `json:"waited"`
	Panics   uint64  `json:"panics"`
	Restarts uint64  `json:"restarts"`
	GivenUp  uint64  `json:"givenUp"`
}

type clusterBody struct {
	InstanceID string         `json:"instanceId"`
	Now        int64          `json:"now"` // ms, the clock of the heartbeats
	Instances  []instanceBody `json:"instances"`
	Link       linkBody       `json:"link"`
	Rooms      roomsBody      `json:"rooms"`
	Actors     []actorBody    `json:"actors"`
}

// cluster is what this node knows of all instances, and its own link, rooms and actors.
func (c *apiCall) cluster() (*apiAnswer, error) {
	limit, err := c.limit()
	if err != nil {
		return nil, err
	}
	after, err := readRoomCursor(c.r.URL.Query().Get("cursor"))
	if err != nil {
		return nil, err
	}
	page, err := c.node.core.Rooms(c.r.Context(), after, limit)
	if err != nil {
		return nil, err
	}
	view := c.node.cluster.Cluster()
	body := clusterBody{
		InstanceID: string(c.node.cfg.InstanceID), Now: view.Now, Link: c.node.linkBody(), Rooms: newRoomsBody(&page), Actors: c.node.actorBodies(),
	}
	for _, i := range view.Instances {
		suspect := view.Now-i.LastHeartbeat > cluster.SuspectAfter.Milliseconds()
		body.Instances = append(body.Instances, instanceBody{i.InstanceID, i.Incarnation, i.StartedAt, i.LastHeartbeat, i.ConnectedClients, suspect})
	}
	return &apiAnswer{http.StatusOK, body}, nil
}

func (n *Node) linkBody() linkBody {
	s := n.core.Status()
	b := linkBody{Mode: "ok", Since: s.Since, ProvenMsAgo: n.cluster.Proof().Milliseconds()}
	if s.Degraded {
		b.Mode, b.Cause, b.Effects = "degraded", s.Cause, s.Effects
	}
	return b
}

func newRoomsBody(page *presence.RoomsPage) roomsBody {
	b := roomsBody{Total: page.Total, Data: make([]roomBody, len(page.Rooms))}
	for i := range page.Rooms {
		r := &page.Rooms[i]
		b.Data[i] = roomBody{r.Room, r.Users(), countsBody(r.Counts)}
	}
	if page.More {
		last := b.Data[len(b.Data)-1]
		b.Next = strconv.Itoa(last.Users) + ":" + last.Room
	}
	return b
}

// readRoomCursor reads the size and the name of the last room of the page before; nil: there is none.
func readRoomCursor(cursor string) (*presence.RoomSize, error) {
	if cursor == "" {
		return nil, nil //nolint:nilnil // the first page is after no room
	}
	size, room, _ := strings.Cut(cursor, ":")
	users, err := strconv.Atoi(size)
	if err != nil || users < 1 || !wire.ValidRoom(room) {
		return nil, problemBadField.withDetail("cursor")
	}
	return &presence.RoomSize{Room: room, Counts: wire.Counts{Members: users}}, nil
}

func (n *Node) actorBodies() []actorBody {
	loads := n.sys.Loads()
	var list []actorBody
	for k := range n.sys.Kinds() {
		l := loads[k.Name]
		list = append(list, actorBody{
			Kind: k.Name, Live: k.Live.Load(), Depth: l.Depth, Fullest: l.MaxUtilization, Handled: k.Handled.Load(), Refused: k.Refused.Load(),
			Waited: k.Waited.Load(), Panics: k.Panics.Load(), Restarts: k.Restarts.Load(), GivenUp: k.GivenUp.Load(),
		})
	}
	return list
}
