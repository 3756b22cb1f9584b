package actors

import (
	"time"

	"chatnode/actors/wire"
)

// writer owns the write side of its share of the connections. Woken, it takes its whole mailbox,
// lays the frames of a room end to end in one buffer, and then makes one pass: each client gets all
// that it has not had in one write that does not block. What one client alone gets (acks, history)
// takes the same way, so the order that frames were told in is the order of the connection.
//
// A client whose socket is full leaves the pass for an outbox of its own (outbox.go), and comes
// back when that has drained. Nobody waits for it.
type writer struct {
	set       *Settings
	sys       *System
	self      *Process
	audiences map[string]*audience
	clients   []*Client
	dirty     []*audience // rooms with something new in this pass
	touched   []*Client   // clients with frames of their own in this pass
	leaving   []*Client   // cut during this pass: they leave their audiences after it
	spare     [][]byte    // buffers for those, for the next pass
	last      time.Time   // of the last pass, where FLUSH_INTERVAL is set
	waiting   bool        // for flushed
	drain     *drainPlan
	stats     *WriteStats
}

// audience is the writer's share of a room's members.
type audience struct {
	room    string
	members []member
	buf     []byte    // the frames of this pass
	copied  []byte    // buf once more, for those whose outbox keeps it
	since   time.Time // when the first of them was told
}

// member is one client in an audience. from is where in the audience's buffer its share begins.
type member struct {
	client *Client
	from   int
}

// membership is the way back: where a client stands in an audience.
type membership struct {
	aud *audience
	at  int
}

// writeState is what a writer keeps in each of its clients.
type writeState struct {
	slot    int // place in writer.clients
	in      []membership
	out     []byte // frames of this pass for this client alone
	owned   bool   // out is a buffer of the writer's, not a shared frame
	outbox  *outbox
	closing int64 // unix s at which the socket is closed if the peer has not; 0: open
	dead    bool  // detached: nothing is written any more
}

const (
	writerBound = 8192     // frames queued before the rooms wait
	keepBuffer  = 64 << 10 // larger buffers are given back after a pass
	closeLinger = 5        // s between our close frame and the end of the socket
)

func newWriter(set *Settings, sys *System) *writer {
	return &writer{set: set, sys: sys, audiences: map[string]*audience{}, stats: &set.stats.Writes}
}

// Receive implements Actor.
func (w *writer) Receive(self *Process, msg any) {
	switch msg.(type) {
	case Started:
		w.self = self
		self.After(time.Second, beat{})
	case Recovered:
		w.pass()
		self.After(time.Second, beat{}) // the tick may have been in what was lost
	}
}

// ReceiveBatch implements BatchActor.
func (w *writer) ReceiveBatch(_ *Process, msgs []any) {
	for _, msg := range msgs {
		w.take(msg)
	}
	if w.set.FlushInterval > 0 && !w.due() {
		return
	}
	w.pass()
}

// due reports whether a pass may be made now; if not, a tick will see to it.
func (w *writer) due() bool {
	now := time.Now()
	if wait := w.set.FlushInterval - now.Sub(w.last); wait > 0 {
		if !w.waiting {
			w.waiting = true
			w.self.After(wait, flushed{})
		}
		return false
	}
	w.last = now
	return true
}

func (w *writer) take(msg any) {
	switch m := msg.(type) {
	case *broadcast:
		w.broadcast(m)
	case *unicast:
		w.unicast(m.client, m.frame)
	case *enter:
		w.enter(m)
	case *exit:
		w.exit(m.client, m.room)
		w.unicast(m.client, m.frame)
	case attach:
		m.client.wire.slot = len(w.clients)
		w.clients = append(w.clients, m.client)
	case detach:
		w.detach(m.client)
	case announce:
		w.announce(m.frame)
	case *cut:
		w.cut(m.client, m.code, m.reason)
	case drained:
		w.drained(m.client)
	case flushed:
		w.waiting = false
	case beat:
		w.beat()
	case drainClients:
		w.startDrain(m)
	case drainStep:
		w.drainStep()
	}
}

func (w *writer) broadcast(m *broadcast) {
	a := w.audiences[m.room]
	if a == nil {
		return
	}
	if len(a.buf) == 0 {
		w.dirty = append(w.dirty, a)
		a.since = m.at
	}
	a.buf = append(a.buf, m.frame...)
}

func (w *writer) announce(frame []byte) {
	for _, c := range w.clients {
		w.unicast(c, frame)
	}
}

// unicast queues a frame for one client, behind what its rooms have for it so far.
func (w *writer) unicast(c *Client, frame []byte) {
	s := &c.wire
	if s.dead || s.closing != 0 || len(frame) == 0 {
		return
	}
	for _, in := range s.in {
		m := &in.aud.members[in.at]
		if rest := in.aud.buf[m.from:]; len(rest) > 0 {
			w.queue(c, rest)
			m.from = len(in.aud.buf)
		}
	}
	w.queue(c, frame)
}

// queue appends to what this pass writes to c alone. A single frame is not copied.
func (w *writer) queue(c *Client, frame []byte) {
	s := &c.wire
	switch {
	case s.out == nil:
		w.touched = append(w.touched, c)
		s.out, s.owned = frame, false
		return
	case !s.owned:
		s.out, s.owned = append(w.buffer(), s.out...), true
	}
	s.out = append(s.out, frame...)
}

func (w *writer) buffer() []byte {
	if n := len(w.spare); n > 0 {
		b := w.spare[n-1]
		w.spare = w.spare[:n-1]
		return b[:0]
	}
	return make([]byte, 0, 4096)
}

func (w *writer) enter(m *enter) {
	s := &m.client.wire
	if s.dead {
		return
	}
	w.unicast(m.client, m.frame)
	a := w.audiences[m.room]
	if a == nil {
		a = &audience{room: m.room}
		w.audiences[m.room] = a
	}
	for _, in := range s.in {
		if in.aud == a {
			return
		}
	}
	s.in = append(s.in, membership{a, len(a.members)})
	a.members = append(a.members, member{m.client, len(a.buf)})
}

// exit takes the client out of the audience; it still gets what was broadcast before.
func (w *writer) exit(c *Client, room string) {
	for i, in := range c.wire.in {
		if in.aud.room != room {
			continue
		}
		if rest := in.aud.buf[in.aud.members[in.at].from:]; len(rest) > 0 && !c.wire.dead {
			w.queue(c, rest)
		}
		w.remove(in.aud, in.at)
		last := len(c.wire.in) - 1
		c.wire.in[i] = c.wire.in[last]
		c.wire.in = c.wire.in[:last]
		return
	}
}

// remove fills the place at with the last member.
func (w *writer) remove(a *audience, at int) {
	last := len(a.members) - 1
	moved := a.members[last]
	a.members[at] = moved
	a.members[last] = member{}
	a.members = a.members[:last]
	if at != last {
		for i := range moved.client.wire.in {
			if in := &moved.client.wire.in[i]; in.aud == a {
				in.at = at
			}
		}
	}
	if last == 0 && len(a.buf) == 0 {
		delete(w.audiences, a.room)
	}
}

// detach forgets a client whose reader has ended. What is queued for it is still tried once.
func (w *writer) detach(c *Client) {
	s := &c.wire
	if s.dead {
		return
	}
	for len(s.in) > 0 {
		w.exit(c, s.in[0].aud.room)
	}
	if s.out != nil && s.outbox == nil {
		if n, err := c.socket.TryWrite(s.out); n < len(s.out) && err == nil {
			w.slow(c, append([]byte(nil), s.out...), n)
		}
	}
	s.dead = true
	if s.outbox != nil {
		s.outbox.abandon()
	} else {
		c.socket.Close()
	}
	last := len(w.clients) - 1
	w.clients[s.slot] = w.clients[last]
	w.clients[s.slot].wire.slot = s.slot
	w.clients[last] = nil
	w.clients = w.clients[:last]
}

// cut queues the close frame and begins the end of the connection.
func (w *writer) cut(c *Client, code uint16, reason string) {
	s := &c.wire
	if s.dead || s.closing != 0 {
		return
	}
	w.unicast(c, wire.CloseFrame(code, reason))
	s.closing = time.Now().Unix() + closeLinger
	for len(s.in) > 0 {
		w.exit(c, s.in[0].aud.room)
	}
}

// beat looks for clients that have been silent: a ping after PING_INTERVAL, the end after
// PRESENCE_TIMEOUT.
func (w *writer) beat() {
	now := time.Now().Unix()
	ping, limit := int64(w.set.PingInterval/time.Second), int64(w.set.PresenceTimeout/time.Second)
	for i := len(w.clients) - 1; i >= 0; i-- {
		c := w.clients[i]
		silent := now - c.seen.Load()
		switch {
		case c.wire.closing != 0 && now >= c.wire.closing:
			c.socket.Close()
		case c.wire.closing != 0:
		case silent >= limit:
			w.cut(c, wire.CloseGoingAway, "presence timeout")
		case silent >= ping && silent%5 == ping%5:
			w.unicast(c, pingFrame)
		}
	}
	w.self.After(time.Second, beat{})
}

var pingFrame = wire.SealControl(wire.OpPing, nil)
