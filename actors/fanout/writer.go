package fanout

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/stats"
	"chatnode/actors/wire"
)

// Writer owns the write side of its share of the connections. Woken, it takes its whole mailbox,
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
	set            *chat.Settings
	sys            *process.System
	self           *process.Process
	turn           int // writes in one turn
	audiences      map[groupKey]*fanoutGroup
	Clients        []*Client
	dirty          []*fanoutGroup // rooms with something new, each once
	unfinished     []*fanoutGroup // of them, those whose lap this turn has not ended
	standby        []*fanoutGroup // the array that dirty is not in
	nextPass       []*fanoutGroup // where FLUSH_INTERVAL is set: what is new since the pass has come to it
	passing        bool           // the pass over dirty goes on in the next turn
	walking        bool           // walk is on its way
	unicastClients []*Client      // clients with frames of their own in this turn
	closingClients []*Client      // cut in this turn: they leave their audiences at its end
	spare          [][]byte       // buffers for frames of their own
	last           time.Time      // when the last pass began, where FLUSH_INTERVAL is set
	waiting        bool           // for flushed
	beating        process.Ticker
	drain          *drainPlan
	stats          *stats.WriteStats
}

// clientOut is what a writer keeps in each of its clients.
type clientOut struct {
	slot     int // place in writer.clients
	groups   []groupRef
	out      []byte // frames of this turn for this client alone
	owned    bool   // out is a buffer of the writer's, not a shared frame
	outbox   *outbox
	closeAt  int64 // s of the system's life at which the socket is closed if the peer has not; 0: open
	detached bool  // detached: nothing is written any more
}

const (
	maxRetainedBuffer = 64 << 10 // larger buffers are given back after use
	closeLinger       = 5        // s between our close frame and the end of the socket
)

func NewWriter(set *chat.Settings, sys *process.System, stats *stats.WriteStats) *Writer {
	return &Writer{set: set, sys: sys, turn: maxWritesPerTurn, audiences: map[groupKey]*fanoutGroup{}, stats: stats}
}

// Receive implements Actor.
func (w *Writer) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		w.self = self
		w.beating.Reset(self, time.Second, keepaliveTick{})
	case process.Recovered:
		w.beating.Reset(self, time.Second, keepaliveTick{})                              // the tick may have been in what was lost,
		w.unfinished, w.walking, w.waiting = process.DropAll(w.unfinished), false, false // and walk, or flushed
		w.runPass()
	}
}

// ReceiveBatch implements BatchActor.
func (w *Writer) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		releaseSlot(msg)
		w.take(msg)
	}
	if w.passing || w.passDue() {
		w.runPass()
	}
}

// releaseSlot frees the slot of the session's mailbox that an answer holds until the writer has it. It comes
// before anything is done with the message, which a panic costs.
func releaseSlot(msg any) {
	switch m := msg.(type) {
	case *SendFrame:
		m.Client.Session.FreeSlots(1)
	case *JoinGroup:
		m.Client.Session.FreeSlots(JoinSlots)
	case *LeaveGroup:
		m.Client.Session.FreeSlots(1)
	}
}

// passDue reports whether a pass may begin now; if not, a tick will see to it.
func (w *Writer) passDue() bool {
	if w.set.FlushInterval == 0 {
		return true
	}
	now := time.Now()
	if wait := w.set.FlushInterval - now.Sub(w.last); wait > 0 {
		if !w.waiting {
			w.waiting = true
			w.self.PostAfter(wait, flushTick{})
		}
		return false
	}
	w.last = now
	return true
}

func (w *Writer) take(msg any) {
	switch m := msg.(type) {
	case *BroadcastFrame:
		w.onBroadcast(m)
	case *SendFrame:
		w.sendTo(m.Client, m.Frame)
	case *JoinGroup:
		w.onJoinGroup(m)
	case *LeaveGroup:
		w.removeFromGroup(m.Client, m.Room)
		w.sendTo(m.Client, m.Frame)
	case AttachClient:
		m.Client.out.slot = len(w.Clients)
		w.Clients = append(w.Clients, m.Client)
	case DetachClient:
		w.onDetachClient(m.Client)
	case BroadcastAll:
		w.onBroadcastAll(m.Frame)
	case *closeClient:
		w.onCloseClient(m.client, m.code, m.reason)
	case outboxDrained:
		w.onOutboxDrained(m.client)
	case passTick:
		w.walking = false
	case flushTick:
		w.waiting = false
	case keepaliveTick:
		w.onKeepaliveTick()
	case DrainRequest:
		w.startDrain(m)
	case drainTick:
		w.onDrainTick()
	}
}

func (w *Writer) onBroadcastAll(frame []byte) {
	for _, c := range w.Clients {
		w.sendTo(c, frame)
	}
}

// sendTo queues a frame for one client, behind what its rooms have for it so far.
func (w *Writer) sendTo(c *Client, frame []byte) {
	s := &c.out
	if s.detached || s.closeAt != 0 || len(frame) == 0 {
		return
	}
	for _, in := range s.groups {
		if rest := in.aud.unsent(&in.aud.members[in.at]); len(rest) > 0 {
			w.queueShare(c, rest)
		}
	}
	w.queue(c, frame)
}

// queue appends to what this turn writes to c alone. A single frame is not copied.
func (w *Writer) queue(c *Client, frame []byte) {
	if s := &c.out; s.out == nil {
		w.unicastClients = append(w.unicastClients, c)
		s.out, s.owned = frame, false
		return
	}
	w.queueShare(c, frame)
}

// queueShare does the same with a part of a room's log, which may be written over before the turn ends.
func (w *Writer) queueShare(c *Client, share []byte) {
	s := &c.out
	switch {
	case s.out == nil:
		w.unicastClients = append(w.unicastClients, c)
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

// onDetachClient forgets a client whose reader has ended. What is queued for it is still tried once.
func (w *Writer) onDetachClient(c *Client) {
	s := &c.out
	if s.detached {
		return
	}
	for len(s.groups) > 0 {
		w.removeFromGroup(c, s.groups[0].aud.room)
	}
	if s.out != nil && s.outbox == nil {
		if n, err := c.Socket.TryWrite(s.out); n < len(s.out) && err == nil {
			w.startOutbox(c, append([]byte(nil), s.out...), n)
		}
	}
	s.detached = true
	if s.outbox != nil {
		s.outbox.closeDetached()
	} else {
		c.Socket.Close()
	}
	last := len(w.Clients) - 1
	if s.slot > last || w.Clients[s.slot] != c { // a panic has cost its attach
		return
	}
	w.Clients[s.slot] = w.Clients[last]
	w.Clients[s.slot].out.slot = s.slot
	w.Clients[last] = nil
	w.Clients = w.Clients[:last]
}

// onCloseClient queues the close frame and begins the end of the connection.
func (w *Writer) onCloseClient(c *Client, code uint16, reason string) {
	s := &c.out
	if s.detached || s.closeAt != 0 {
		return
	}
	w.sendTo(c, wire.CloseFrame(code, reason))
	s.closeAt = w.sys.UptimeSeconds() + closeLinger
	for len(s.groups) > 0 {
		w.removeFromGroup(c, s.groups[0].aud.room)
	}
}

// onKeepaliveTick looks for clients that have been silent: a ping after PING_INTERVAL, the end after
// PRESENCE_TIMEOUT.
func (w *Writer) onKeepaliveTick() {
	now := w.sys.UptimeSeconds()
	ping, limit := int64(w.set.PingInterval/time.Second), int64(w.set.PresenceTimeout/time.Second)
	for i := len(w.Clients) - 1; i >= 0; i-- {
		c := w.Clients[i]
		silent := now - c.lastSeen.Load()
		switch {
		case c.out.closeAt != 0 && now >= c.out.closeAt:
			c.Socket.Close()
		case c.out.closeAt != 0:
		case silent >= limit:
			w.onCloseClient(c, wire.CloseGoingAway, "presence timeout")
		case silent >= ping && silent%5 == ping%5:
			w.sendTo(c, PingFrame)
		}
	}
	w.beating.Reset(w.self, time.Second, keepaliveTick{})
}

var PingFrame = wire.SealControl(wire.OpPing, nil)
