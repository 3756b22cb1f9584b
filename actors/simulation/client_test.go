package simulation

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/session"
	"chatnode/actors/wire"
)

// simClient is a user of the simulation, and the oracle's witness: it keeps the protocol as PROTOCOL.md
// tells it, and notes every breach of what it was promised.
type simClient struct {
	sim    *sim
	user   string
	admin  bool
	node   *simNode
	client *session.Conn
	socket *actorstest.FakeSocket
	read   int       // bytes of the socket that were looked at
	since  time.Time // when it has connected

	views   []*simView // one for each room
	waiting []*simWrite
	acked   []*simWrite
	written []*simWrite // all of them
	count   int
	conns   int // connections that it has had
	status  string
}

// simWrite is a write until it is acknowledged, and then.
type simWrite struct {
	wire.Command
	target string // of an edit or a deletion, the text that the message was written with
	stored string
	born   time.Time
	conn   int  // the connection that it was sent by
	again  bool // and was sent once more
}

// patience is how long a user tries again: for as long as the ids of what was written count.
const patience = 2 * time.Minute

func (c *simClient) words(w *simWrite) string {
	return inWords(w.Room, c.user, kindOf(w.Type), w.Message, w.target, w.UserID)
}

func kindOf(t wire.CommandType) chat.EntryKind {
	switch t {
	case wire.EditMessage:
		return chat.EntryEdit
	case wire.DeleteMessage:
		return chat.EntryDelete
	case wire.BulkDelete:
		return chat.EntryBulkDelete
	}
	return chat.EntryMessage
}

func (s *sim) newClient(i int) *simClient {
	c := &simClient{sim: s, user: fmt.Sprint("u", i), admin: i == 0}
	for _, room := range s.rooms {
		c.views = append(c.views, &simView{c: c, room: room, shown: map[string]*simMessage{}, gone: map[string]bool{}})
	}
	return c
}

// connect goes to a node and resumes where it was; what was not acknowledged is sent again.
func (c *simClient) connect(n *simNode) {
	c.sim.note("%s connects to %s at %s/%d", c.user, n.name, c.views[0].epoch, c.views[0].pos)
	c.node, c.socket, c.read, c.since = n, actorstest.NewFakeSocket(), 0, time.Now()
	c.conns++
	a := chat.ConnectRequest{Socket: c.socket, Identity: actorstest.AsMember(c.user)}
	if c.admin {
		a.Identity.Role = chat.RoleAdmin
	}
	for _, v := range c.views {
		v.joined, v.resync, v.own = false, false, wire.Position{}
	}
	a.HasSince, a.Since = c.views[0].epoch != "", wire.Position{Epoch: c.views[0].epoch, Seq: c.views[0].pos}
	client, err := n.core.Admit(a)
	if err != nil {
		c.sim.fail("%s cannot connect: %v", c.user, err)
		return
	}
	c.client = &client
	for _, v := range c.views[1:] {
		c.post(wire.Command{Type: wire.Join, Room: v.room, HasSince: v.epoch != "", Since: wire.Position{Epoch: v.epoch, Seq: v.pos}})
	}
}

func (c *simClient) leave() {
	c.sim.note("%s leaves", c.user)
	c.client.ReaderClosed(nil)
	c.node, c.client = nil, nil
}

func (c *simClient) post(cmd wire.Command) { c.client.Session.Post(&cmd) }

func (c *simClient) write(w *simWrite) {
	c.count++
	w.ID, w.born, w.conn = fmt.Sprint(c.count), time.Now(), c.conns
	c.waiting = append(c.waiting, w)
	c.written = append(c.written, w)
	c.post(w.Command)
}

func (c *simClient) say(room string) {
	c.write(&simWrite{Command: wire.Command{Type: wire.SendMessage, Room: room, Message: fmt.Sprint(c.user, "-", c.count)}})
}

// change edits or deletes one of the messages that it sees and may change.
func (c *simClient) change(v *simView) {
	var ids []string
	for id, m := range v.shown {
		if c.admin || m.user == c.user {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return
	}
	id := ids[c.sim.rng.IntN(len(ids))]
	w := &simWrite{Command: wire.Command{Type: wire.EditMessage, Room: v.room, MessageID: id, Message: fmt.Sprint(c.user, "-edit-", c.count)}, target: c.sim.redis.origin[id]}
	if c.sim.rng.IntN(3) == 0 {
		w.Type, w.Message = wire.DeleteMessage, ""
	}
	c.write(w)
}

// purge deletes all messages of somebody.
func (c *simClient) purge(room string) {
	who := c.sim.clients[c.sim.rng.IntN(len(c.sim.clients))]
	c.write(&simWrite{Command: wire.Command{Type: wire.BulkDelete, Room: room, UserID: who.user}})
}

// retry sends again, under the same ids, what was not answered, to one room or all of them.
func (c *simClient) retry(room string) {
	c.waiting = slices.DeleteFunc(c.waiting, func(w *simWrite) bool { return time.Since(w.born) > patience })
	for _, w := range c.waiting {
		if (room == "" || room == w.Room) && !c.sim.plan.evicts {
			w.again = true
			c.post(w.Command)
		}
	}
}

// act is something that the user does.
func (c *simClient) act() {
	s := c.sim
	v := c.views[s.rng.IntN(len(c.views))]
	switch k := s.rng.IntN(120); {
	case k < 3:
		c.leave()
	case !v.joined:
	case k < 13 && len(c.waiting) > 0:
		c.retry(c.waiting[0].Room) // impatient
	case k < 25:
		c.change(v)
	case k < 27 && c.admin:
		c.purge(v.room)
	default:
		c.say(v.room)
	}
}

// look reads what has come since the last look.
func (c *simClient) look() {
	c.client.Touch()
	c.socket.Mu.Lock()
	b := c.socket.Data[c.read:]
	c.socket.Mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := actorstest.ParseFrame(b)
		if !ok {
			return
		}
		c.read += len(b) - len(rest)
		b = rest
		if op == 1 {
			c.frame(payload)
		}
		if op == 8 {
			c.sim.fail("%s was closed: %q", c.user, payload)
		}
	}
	if n := c.node; c.status == "" || n.said == nil || time.Since(n.saidAt) < time.Second || time.Since(c.since) < time.Second {
		return
	}
	if told := c.status == "degraded"; told != c.node.said.Degraded {
		c.sim.fail("INV-5: %s was told %q, and its node %s says otherwise since %v", c.user, c.status, c.node.name, time.Since(c.node.saidAt))
	}
}

type simFrame struct {
	actorstest.Seen
	Mode   string `json:"mode"`
	Stored string `json:"stored"`
	UserID string `json:"userId"`
}

func (c *simClient) frame(payload []byte) {
	var f simFrame
	if err := json.Unmarshal(payload, &f); err != nil {
		c.sim.fail("%s: %q: %v", c.user, payload, err)
		return
	}
	c.sim.note("%s on %s gets %s", c.user, c.node.name, payload)
	switch f.Type {
	case "connected":
		var s struct{ Status struct{ Mode string } }
		_ = json.Unmarshal(payload, &s)
		c.status = s.Status.Mode
	case "status":
		c.onStatus(f.Mode)
	case "ack":
		c.onAck(&f)
	case "error":
		c.onError(&f)
	default:
		for _, v := range c.views {
			if v.room == f.Room {
				v.frame(&f)
			}
		}
	}
}

// onStatus: when all is said to be well, each room has caught up to where its log stood when the node
// began to hear again.
func (c *simClient) onStatus(mode string) {
	was := c.status
	if c.status = mode; mode != "ok" || was != "degraded" {
		return
	}
	for _, v := range c.views {
		at := c.node.link.from[v.room]
		if v.joined && !v.resync && v.epoch == at.Epoch && v.pos < at.Seq {
			c.sim.fail("INV-5: %s is told that all is well at %s/%d, and the log stood at %d when %s began to hear", c.user, v.room, v.pos, at.Seq, c.node.name)
		}
	}
}

func (c *simClient) settled(id string) *simWrite {
	for i, w := range c.waiting {
		if w.ID == id {
			c.waiting = slices.Delete(c.waiting, i, i+1)
			return w
		}
	}
	return nil
}

// onAck: what is acknowledged is held by what the ack names, at that moment.
func (c *simClient) onAck(f *simFrame) {
	w := c.settled(f.ID)
	if w == nil {
		return
	}
	w.stored = f.Stored
	for _, v := range c.views {
		if v.room == w.Room && f.Seq > v.own.Seq {
			v.own = wire.Position{Epoch: v.epoch, Seq: f.Seq}
		}
	}
	c.acked = append(c.acked, w)
	words := c.words(w)
	if !c.sim.redis.known(words) && !(f.Stored == wire.StoredJournal && c.sim.keeps(c.node, words)) {
		c.sim.fail("INV-1: %s was acknowledged (%s) and is held by nobody", words, f.Stored)
	}
}

// onError: what may succeed later is tried again.
func (c *simClient) onError(f *simFrame) {
	if f.Code == wire.CodeNotFound.String() || f.Code == wire.CodeForbidden.String() {
		c.settled(f.ID)
	}
}
