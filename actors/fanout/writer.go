package fanout

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/stats"
	"chatnode/actors/wire"
)

// writer owns the write side of its share of the connections. Woken, it takes its whole mailbox,
// lays the frames of a room end to end, and then goes over the room's members: each gets all that it has
// not had in one write that does not block. What one client alone gets (acks, history) takes the same
// way, so the order that frames were told in is the order of the connection.
//
// It looks into its mailbox again after every few writes (writer_pass.go), so it is never long away, and
// members that it comes to later are given what has been told meanwhile in the same write.
//
// A client whose socket is full gets an outbox of its own (outbox.go), and comes back when that has
// drained. Nobody waits for it.
type Writer struct {
	set       *chat.Settings
	sys       *process.System
	self      *process.Process
	turn      int // writes in one turn
	audiences map[audienceKey]*audience
	Clients   []*Client
	dirty     []*audience // rooms with something new, each once
	later     []*audience // of them, those whose lap this turn has not ended
	standby   []*audience // the array that dirty is not in
	held      []*audience // where FLUSH_INTERVAL is set: what is new since the pass has come to it
	passing   bool        // the pass over dirty goes on in the next turn
	walking   bool        // walk is on its way
	touched   []*Client   // clients with frames of their own in this turn
	leaving   []*Client   // cut in this turn: they leave their audiences at its end
	spare     [][]byte    // buffers for frames of their own
	last      time.Time   // when the last pass began, where FLUSH_INTERVAL is set
	waiting   bool        // for flushed
	beating   process.Tick
	drain     *drainPlan
	stats     *stats.WriteStats
}

// writeState is what a writer keeps in each of its clients.
type writeState struct {
	slot    int // place in writer.clients
	in      []membership
	out     []byte // frames of this turn for this client alone
	owned   bool   // out is a buffer of the writer's, not a shared frame
	outbox  *outbox
	closing int64 // s of the system's life at which the socket is closed if the peer has not; 0: open
	dead    bool  // detached: nothing is written any more
}

const (
	WriterBound = 8192     // frames queued before the rooms wait
	keepBuffer  = 64 << 10 // larger buffers are given back after use
	closeLinger = 5        // s between our close frame and the end of the socket
)

func NewWriter(set *chat.Settings, sys *process.System, stats *stats.WriteStats) *Writer {
	return &Writer{set: set, sys: sys, turn: turnWrites, audiences: map[audienceKey]*audience{}, stats: stats}
}

// Receive implements Actor.
func (w *Writer) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		w.self = self
		w.beating.Again(self, time.Second, beat{})
	case process.Recovered:
		w.beating.Again(self, time.Second, beat{})                             // the tick may have been in what was lost,
		w.later, w.walking, w.waiting = process.DropAll(w.later), false, false // and walk, or flushed
		w.slice()
	}
}

// ReceiveBatch implements BatchActor.
func (w *Writer) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		giveBack(msg)
		w.take(msg)
	}
	if w.passing || w.due() {
		w.slice()
	}
}

// giveBack frees the slot of the session's mailbox that an answer holds until the writer has it. It comes
// before anything is done with the message, which a panic costs.
func giveBack(msg any) {
	switch m := msg.(type) {
	case *Unicast:
		m.Client.Session.Release(1)
	case *Enter:
		m.Client.Session.Release(JoinSlots)
	case *Exit:
		m.Client.Session.Release(1)
	}
}

// due reports whether a pass may begin now; if not, a tick will see to it.
func (w *Writer) due() bool {
	if w.set.FlushInterval == 0 {
		return true
	}
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

func (w *Writer) take(msg any) {
	switch m := msg.(type) {
	case *Broadcast:
		w.broadcast(m)
	case *Unicast:
		w.unicast(m.Client, m.Frame)
	case *Enter:
		w.enter(m)
	case *Exit:
		w.exit(m.Client, m.Room)
		w.unicast(m.Client, m.Frame)
	case Attach:
		m.Client.wire.slot = len(w.Clients)
		w.Clients = append(w.Clients, m.Client)
	case Detach:
		w.detach(m.Client)
	case Announce:
		w.announce(m.Frame)
	case *cut:
		w.cut(m.client, m.code, m.reason)
	case drained:
		w.drained(m.client)
	case walk:
		w.walking = false
	case flushed:
		w.waiting = false
	case beat:
		w.beat()
	case DrainClients:
		w.startDrain(m)
	case drainStep:
		w.drainStep()
	}
}

func (w *Writer) announce(frame []byte) {
	for _, c := range w.Clients {
		w.unicast(c, frame)
	}
}

// unicast queues a frame for one client, behind what its rooms have for it so far.
func (w *Writer) unicast(c *Client, frame []byte) {
	s := &c.wire
	if s.dead || s.closing != 0 || len(frame) == 0 {
		return
	}
	for _, in := range s.in {
		if rest := in.aud.share(&in.aud.members[in.at]); len(rest) > 0 {
			w.queueShare(c, rest)
		}
	}
	w.queue(c, frame)
}

// queue appends to what this turn writes to c alone. A single frame is not copied.
func (w *Writer) queue(c *Client, frame []byte) {
	if s := &c.wire; s.out == nil {
		w.touched = append(w.touched, c)
		s.out, s.owned = frame, false
		return
	}
	w.queueShare(c, frame)
}

// queueShare does the same with a part of a room's log, which may be written over before the turn ends.
func (w *Writer) queueShare(c *Client, share []byte) {
	s := &c.wire
	switch {
	case s.out == nil:
		w.touched = append(w.touched, c)
		s.out, s.owned = w.buffer(), true
	case !s.owned:
		s.out, s.owned = append(w.buffer(), s.out...), true
	}
	s.out = append(s.out, share...)
}

func (w *Writer) buffer() []byte {
	if n := len(w.spare); n > 0 {
		b := w.spare[n-1]
		w.spare = w.spare[:n-1]
		return b[:0]
	}
	return make([]byte, 0, 4096)
}

// detach forgets a client whose reader has ended. What is queued for it is still tried once.
func (w *Writer) detach(c *Client) {
	s := &c.wire
	if s.dead {
		return
	}
	for len(s.in) > 0 {
		w.exit(c, s.in[0].aud.room)
	}
	if s.out != nil && s.outbox == nil {
		if n, err := c.Socket.TryWrite(s.out); n < len(s.out) && err == nil {
			w.slow(c, append([]byte(nil), s.out...), n)
		}
	}
	s.dead = true
	if s.outbox != nil {
		s.outbox.abandon()
	} else {
		c.Socket.Close()
	}
	last := len(w.Clients) - 1
	if s.slot > last || w.Clients[s.slot] != c { // a panic has cost its attach
		return
	}
	w.Clients[s.slot] = w.Clients[last]
	w.Clients[s.slot].wire.slot = s.slot
	w.Clients[last] = nil
	w.Clients = w.Clients[:last]
}

// cut queues the close frame and begins the end of the connection.
func (w *Writer) cut(c *Client, code uint16, reason string) {
	s := &c.wire
	if s.dead || s.closing != 0 {
		return
	}
	w.unicast(c, wire.CloseFrame(code, reason))
	s.closing = w.sys.Seconds() + closeLinger
	for len(s.in) > 0 {
		w.exit(c, s.in[0].aud.room)
	}
}

// beat looks for clients that have been silent: a ping after PING_INTERVAL, the end after
// PRESENCE_TIMEOUT.
func (w *Writer) beat() {
	now := w.sys.Seconds()
	ping, limit := int64(w.set.PingInterval/time.Second), int64(w.set.PresenceTimeout/time.Second)
	for i := len(w.Clients) - 1; i >= 0; i-- {
		c := w.Clients[i]
		silent := now - c.seen.Load()
		switch {
		case c.wire.closing != 0 && now >= c.wire.closing:
			c.Socket.Close()
		case c.wire.closing != 0:
		case silent >= limit:
			w.cut(c, wire.CloseGoingAway, "presence timeout")
		case silent >= ping && silent%5 == ping%5:
			w.unicast(c, PingFrame)
		}
	}
	w.beating.Again(w.self, time.Second, beat{})
}

var PingFrame = wire.SealControl(wire.OpPing, nil)
