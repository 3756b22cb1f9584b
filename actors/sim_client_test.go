package actors

import (
	"encoding/json"
	"fmt"
	"time"

	"chatnode/actors/wire"
)

// simClient is a user of the simulation, and the oracle's witness: it keeps the protocol as PROTOCOL.md
// tells it, and notes every breach of what it was promised.
type simClient struct {
	sim    *sim
	user   string
	node   *simNode
	client *Client
	socket *fakeSocket
	read   int // bytes of the socket that were looked at

	joined    bool
	epoch     string
	pos       uint64
	joins     int                 // requests to join again
	repairing bool                // a failover has moved messages: they may come again at their new places
	resync    bool                // asked to reload, not yet reloaded
	shown     map[string]bool     // message ids on the screen
	early     map[string]bool     // of them, provisional ones
	waiting   map[string]string   // client id → text, not acknowledged
	order     []string            // client ids of waiting, oldest first
	acked     map[string]ackState // text → when and how it was acknowledged
	count     int
	present   int
	status    string
}

type ackState struct {
	at     time.Time
	stored string
}

func (s *sim) newClient(user string) *simClient {
	return &simClient{sim: s, user: user, shown: map[string]bool{}, early: map[string]bool{}, waiting: map[string]string{}, acked: map[string]ackState{}}
}

// connect goes to a node and resumes where it was; what was not acknowledged is sent again.
func (c *simClient) connect(n *simNode) {
	c.node, c.socket, c.read, c.joined, c.resync = n, newFakeSocket(), 0, false, false
	a := Arrival{Socket: c.socket, Identity: asMember(c.user), HasSince: c.epoch != "", Since: wire.Position{Epoch: c.epoch, Seq: c.pos}}
	client, err := n.core.Admit(a)
	if err != nil {
		c.sim.fail("%s cannot connect: %v", c.user, err)
		return
	}
	c.client = client
}

func (c *simClient) leave() {
	c.client.Gone(nil)
	c.node, c.client = nil, nil
}

func (c *simClient) send() {
	c.count++
	id, text := fmt.Sprint(c.count), fmt.Sprint(c.user, "-", c.count)
	c.waiting[id] = text
	c.order = append(c.order, id)
	c.transmit(id)
}

func (c *simClient) transmit(id string) {
	c.client.session.Post(&wire.Command{Type: wire.SendMessage, ID: id, Room: DefaultRoom, Message: c.waiting[id]})
}

// look reads what has come since the last look.
func (c *simClient) look() {
	c.client.Alive()
	c.socket.mu.Lock()
	b := c.socket.data[c.read:]
	c.socket.mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := parseFrame(b)
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
}

type simFrame struct {
	seen
	Mode        string `json:"mode"`
	Provisional bool   `json:"provisional"`
	Stored      string `json:"stored"`
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
	case "joined":
		c.onJoined(&f)
	case "message_history":
		if c.resync {
			return
		}
		var list []struct{ ID string }
		_ = json.Unmarshal(f.Data, &list)
		for _, m := range list {
			c.shown[m.ID] = true
		}
	case "new_message":
		var m struct{ ID string }
		_ = json.Unmarshal(f.Data, &m)
		c.onMessage(&f, m.ID)
	case "committed":
		var list []wire.Commit
		_ = json.Unmarshal(f.Data, &list)
		for _, m := range list {
			c.onCommitted(&f, m)
		}
	case "message_deleted":
		delete(c.shown, f.MessageID)
		delete(c.early, f.MessageID)
	case "resync":
		c.rejoin(wire.Command{})
	case "ack":
		c.onAck(&f)
	case "error":
		c.onError(&f)
	case "status":
		c.status = f.Mode
	case "presence":
		var n struct{ Members int }
		_ = json.Unmarshal(f.Data, &n)
		c.present = n.Members
	}
}

// rejoin asks to reload or to resume. What comes before the answer to the last such request is overtaken.
func (c *simClient) rejoin(cmd wire.Command) {
	c.resync = true
	c.joins++
	cmd.Type, cmd.Room, cmd.ID = wire.Join, DefaultRoom, fmt.Sprint("j", c.joins)
	c.client.session.Post(&cmd)
}

func (c *simClient) onJoined(f *simFrame) {
	if c.resync && f.ID != fmt.Sprint("j", c.joins) {
		return
	}
	if f.Recovered && f.Epoch != c.epoch {
		c.sim.fail("%s: recovered into another epoch", c.user)
	}
	for id := range c.early { // they belong to the node that showed them; this one shows its own again
		delete(c.shown, id)
	}
	c.early = map[string]bool{}
	if !f.Recovered {
		c.shown, c.early = map[string]bool{}, map[string]bool{}
		c.pos = f.Seq
	}
	c.repairing = c.repairing && f.Recovered
	c.epoch, c.resync = f.Epoch, false
	if !c.joined {
		c.joined = true
		for _, id := range c.order {
			c.transmit(id)
		}
	}
}

func (c *simClient) onMessage(f *simFrame, id string) {
	if c.resync {
		return
	}
	if c.early[id] { // shown provisionally before, now in its place
		if f.Seq != 0 {
			delete(c.early, id)
			c.step(f.Seq)
		}
		return
	}
	if c.shown[id] && (c.sim.redis.again[id] || c.repairing) { // a failover lost it: it has moved, as PROTOCOL.md says
		c.step(f.Seq)
		return
	}
	if c.shown[id] {
		c.sim.fail("%s is shown %s twice: at %d", c.user, id, f.Seq)
	}
	c.shown[id] = true
	if f.Seq == 0 {
		c.early[id] = true
		return
	}
	c.step(f.Seq)
}

func (c *simClient) onCommitted(f *simFrame, m wire.Commit) {
	if c.resync {
		return
	}
	if !c.shown[m.ID] {
		if !c.sim.redis.again[m.ID] && !c.sim.rewound {
			c.sim.fail("%s: %s is committed at %d and was never shown", c.user, m.ID, m.Seq)
		}
		c.repairing = true // it joined after the message was lost: the protocol's gap repair brings it
		c.rejoin(wire.Command{HasSince: true, Since: wire.Position{Epoch: c.epoch, Seq: c.pos}})
		return
	}
	delete(c.early, m.ID)
	if f.Epoch == c.epoch && m.Seq <= c.pos { // its place is further up
		return
	}
	c.epoch = f.Epoch
	c.step(m.Seq)
}

// step is the gap check: every seq is the one after the last.
func (c *simClient) step(seq uint64) {
	if seq != c.pos+1 {
		c.sim.fail("%s: seq %d follows %d on %s", c.user, seq, c.pos, c.node.name)
	}
	c.pos = seq
}

func (c *simClient) onAck(f *simFrame) {
	text, ok := c.waiting[f.ID]
	if !ok {
		return
	}
	delete(c.waiting, f.ID)
	for i, id := range c.order {
		if id == f.ID {
			c.order = append(c.order[:i:i], c.order[i+1:]...)
			break
		}
	}
	c.acked[text] = ackState{time.Now(), f.Stored}
}

func (c *simClient) onError(f *simFrame) {
	if _, ok := c.waiting[f.ID]; ok { // retryable: tried again at the next connection, or by resend
		c.sim.refused++
		return
	}
}
