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

// client is a user of the simulation. It follows ops/docs/PROTOCOL.md and reports every violation that it observes.
type client struct {
	sim         *sim
	user        string
	admin       bool
	node        *node
	conn        *session.Conn
	socket      *actorstest.FakeSocket
	bytesRead   int       // bytes of the socket that were parsed
	connectedAt time.Time // when it connected last

	views      []*roomView // one per room
	unacked    []*userWrite
	acked      []*userWrite
	written    []*userWrite // every write, acknowledged or not
	writeCount int
	connCount  int // connections opened so far
	status     string
}

// userWrite is a command of a client that writes to the log.
type userWrite struct {
	wire.Command
	target     string // edit or deletion: the original text of the message
	stored     string
	sentAt     time.Time
	connNumber int  // number of the connection that sent it
	retried    bool // sent more than once
}

// retryTimeout is the time after which a client stops to retry a write. It is the idempotency window of the nodes.
const retryTimeout = 2 * time.Minute

// describe returns the description of w in the words of describeWrite.
func (c *client) describe(w *userWrite) string {
	return describeWrite(w.Room, c.user, entryKindOf(w.Type), w.Message, w.target, w.UserID)
}

func entryKindOf(t wire.CommandType) chat.EntryKind {
	k, _ := chat.KindOfCommand(t)
	return k
}

func (s *sim) newClient(i int) *client {
	c := &client{sim: s, user: fmt.Sprint("u", i), admin: i == 0}
	for _, room := range s.rooms {
		c.views = append(c.views, &roomView{c: c, room: room, shown: map[string]*shownMessage{}, removed: map[string]bool{}})
	}
	return c
}

// connect opens a connection to n and resumes every room. Writes without an ack are sent again after each join.
func (c *client) connect(n *node) {
	c.sim.tracef("%s connects to %s at %s/%d", c.user, n.name, c.views[0].epoch, c.views[0].seq)
	c.node, c.socket, c.bytesRead, c.connectedAt = n, actorstest.NewFakeSocket(), 0, time.Now()
	c.connCount++
	a := chat.ConnectRequest{Socket: c.socket, Identity: actorstest.AsMember(c.user)}
	if c.admin {
		a.Identity.Role = chat.RoleAdmin
	}
	for _, v := range c.views {
		v.joined, v.resync, v.ownAck = false, false, wire.Position{}
	}
	a.HasSince, a.Since = c.views[0].epoch != "", wire.Position{Epoch: c.views[0].epoch, Seq: c.views[0].seq}
	client, err := n.core.Admit(a)
	if err != nil {
		c.sim.failf("%s was not admitted: %v", c.user, err)
		return
	}
	c.conn = &client
	for _, v := range c.views[1:] {
		c.post(wire.Command{Type: wire.Join, Room: v.room, HasSince: v.epoch != "", Since: wire.Position{Epoch: v.epoch, Seq: v.seq}})
	}
}

func (c *client) disconnect() {
	c.sim.tracef("%s leaves", c.user)
	c.conn.ReaderClosed(nil)
	c.node, c.conn = nil, nil
}

func (c *client) post(cmd wire.Command) { c.conn.Session.Post(&cmd) }

func (c *client) send(w *userWrite) {
	c.writeCount++
	w.ID, w.sentAt, w.connNumber = fmt.Sprint(c.writeCount), time.Now(), c.connCount
	c.unacked = append(c.unacked, w)
	c.written = append(c.written, w)
	c.post(w.Command)
}

func (c *client) sendMessage(room string) {
	c.send(&userWrite{Command: wire.Command{Type: wire.SendMessage, Room: room, Message: fmt.Sprint(c.user, "-", c.writeCount)}})
}

// editOrDelete edits or deletes one displayed message that the client may change.
func (c *client) editOrDelete(v *roomView) {
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
	w := &userWrite{Command: wire.Command{Type: wire.EditMessage, Room: v.room, MessageID: id, Message: fmt.Sprint(c.user, "-edit-", c.writeCount)}, target: c.sim.redis.originalText[id]}
	if c.sim.rng.IntN(3) == 0 {
		w.Type, w.Message = wire.DeleteMessage, ""
	}
	c.send(w)
}

// bulkDelete deletes all messages of one user.
func (c *client) bulkDelete(room string) {
	target := c.sim.clients[c.sim.rng.IntN(len(c.sim.clients))]
	c.send(&userWrite{Command: wire.Command{Type: wire.BulkDelete, Room: room, UserID: target.user}})
}

// retry sends the writes without an ack again, with the same ids. An empty room stands for all rooms.
func (c *client) retry(room string) {
	c.unacked = slices.DeleteFunc(c.unacked, func(w *userWrite) bool { return time.Since(w.sentAt) > retryTimeout })
	for _, w := range c.unacked {
		if (room == "" || room == w.Room) && !c.sim.plan.evicts {
			w.retried = true
			c.post(w.Command)
		}
	}
}

// act performs one random action of the user.
func (c *client) act() {
	s := c.sim
	v := c.views[s.rng.IntN(len(c.views))]
	switch k := s.rng.IntN(120); {
	case k < 3:
		c.disconnect()
	case !v.joined:
	case k < 13 && len(c.unacked) > 0:
		c.retry(c.unacked[0].Room) // before any timeout
	case k < 25:
		c.editOrDelete(v)
	case k < 27 && c.admin:
		c.bulkDelete(v.room)
	default:
		c.sendMessage(v.room)
	}
}

// readFrames handles the frames that arrived since the last call, and compares the announced status with the node's.
func (c *client) readFrames() {
	c.conn.Touch()
	c.socket.Mu.Lock()
	b := c.socket.Data[c.bytesRead:]
	c.socket.Mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := actorstest.ParseFrame(b)
		if !ok {
			return
		}
		c.bytesRead += len(b) - len(rest)
		b = rest
		if op == 1 {
			c.onFrame(payload)
		}
		if op == 8 {
			c.sim.failf("%s was closed: %q", c.user, payload)
		}
	}
	if n := c.node; c.status == "" || n.status == nil || time.Since(n.statusAt) < time.Second || time.Since(c.connectedAt) < time.Second {
		return
	}
	if degraded := c.status == "degraded"; degraded != c.node.status.Degraded {
		c.sim.failf("INV-5: %s received status %q, but the status of %s differs since %v", c.user, c.status, c.node.name, time.Since(c.node.statusAt))
	}
}

type serverFrame struct {
	actorstest.Frame
	Mode   string `json:"mode"`
	Stored string `json:"stored"`
	UserID string `json:"userId"`
}

func (c *client) onFrame(payload []byte) {
	var f serverFrame
	if err := json.Unmarshal(payload, &f); err != nil {
		c.sim.failf("%s: %q: %v", c.user, payload, err)
		return
	}
	c.sim.tracef("%s on %s gets %s", c.user, c.node.name, payload)
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
				v.onFrame(&f)
			}
		}
	}
}

// onStatus checks, when a degraded node reports ok, that each room has reached the seq at which its log was when the
// subscriber was opened.
func (c *client) onStatus(mode string) {
	was := c.status
	if c.status = mode; mode != "ok" || was != "degraded" {
		return
	}
	for _, v := range c.views {
		at := c.node.link.openedAt[v.room]
		if v.joined && !v.resync && v.epoch == at.Epoch && v.seq < at.Seq {
			c.sim.failf("INV-5: %s received status ok in %s at seq %d, but the log was at %d when %s subscribed", c.user, v.room, v.seq, at.Seq, c.node.name)
		}
	}
}

// removeUnacked removes the write with the given id from the list of those without an ack. It returns nil if there is
// none.
func (c *client) removeUnacked(id string) *userWrite {
	for i, w := range c.unacked {
		if w.ID == id {
			c.unacked = slices.Delete(c.unacked, i, i+1)
			return w
		}
	}
	return nil
}

// onAck checks that an acknowledged write is stored at that moment where the ack says.
func (c *client) onAck(f *serverFrame) {
	w := c.removeUnacked(f.ID)
	if w == nil {
		return
	}
	w.stored = f.Stored
	for _, v := range c.views {
		if v.room == w.Room && f.Seq > v.ownAck.Seq {
			v.ownAck = wire.Position{Epoch: v.epoch, Seq: f.Seq}
		}
	}
	c.acked = append(c.acked, w)
	words := c.describe(w)
	if !c.sim.redis.wasStored(words) && !(f.Stored == wire.StoredJournal && c.sim.journalHas(c.node, words)) {
		c.sim.failf("INV-1: %s was acknowledged (%s) but is not stored", words, f.Stored)
	}
}

// onError ends the retries of a write that cannot succeed. Other writes stay in the list.
func (c *client) onError(f *serverFrame) {
	if f.Code == wire.CodeNotFound.String() || f.Code == wire.CodeForbidden.String() {
		c.removeUnacked(f.ID)
	}
}
