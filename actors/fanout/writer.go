package fanout

import (
	"time"

	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// Writer owns the write side of a share of the connections. It handles its whole mailbox as one batch. Each group
// collects the frames of its room. Then a pass writes to every member the frames that it has not received, in one
// write that does not block.
//
// Frames for one client (acks, history) are sent after the frames that its groups have for it at that time. So a
// client receives the frames of one room, and its own frames, in the order in which they were posted. Frames of two
// rooms in one pass may be swapped.
//
// A pass checks the mailbox again after maxWritesPerTurn writes. The members not yet visited receive the new frames in
// the same write.
type Writer struct {
	config Config
	sys    *process.System
	stats  *stats.WriteStats
	self   *process.Process

	groups         map[groupKey]*group
	Clients        []*Client
	dirty          []*group  // groups with unsent frames, each once
	unfinished     []*group  // groups in dirty whose pass did not finish in this turn
	standby        []*group  // the empty array that becomes dirty at the end of the turn
	nextPass       []*group  // with FlushInterval: groups that got frames after the pass had visited them
	unicastClients []*Client // clients with frames in output.frames
	closingClients []*Client // slow consumers closed in this turn; they leave their groups at its end
	spareBuffers   [][]byte  // for frames of one client

	maxWrites    int       // per turn
	passPending  bool      // the pass over dirty continues in the next turn
	passPosted   bool      // passTick is in the mailbox
	lastPassAt   time.Time // with FlushInterval: start of the last pass
	flushPending bool      // flushTick is due
	keepalive    process.Ticker
	drain        *drainPlan // nil: the node is not stopping
}

// NewWriter returns a writer without clients.
func NewWriter(config Config, sys *process.System, stats *stats.WriteStats) *Writer {
	return &Writer{config: config, sys: sys, stats: stats, maxWrites: maxWritesPerTurn, groups: map[groupKey]*group{}}
}

// Receive implements Actor. It gets the lifecycle messages only.
func (w *Writer) Receive(self *process.Process, msg any) {
	switch msg.(type) {
	case process.Started:
		w.onStarted(self)
	case process.Recovered:
		w.onRecovered()
	default:
		self.Unknown(msg)
	}
}

// ReceiveBatch implements BatchActor.
func (w *Writer) ReceiveBatch(self *process.Process, msgs []any) {
	for msg := range self.Each(msgs) {
		w.handle(msg)
	}
	if w.passPending || w.canStartPass() {
		w.runPass()
	}
}

func (w *Writer) handle(msg any) {
	switch m := msg.(type) {
	case *BroadcastFrame:
		w.onBroadcastFrame(m)
	case *SendFrame:
		w.onSendFrame(m)
	case *JoinGroup:
		w.onJoinGroup(m)
	case *LeaveGroup:
		w.onLeaveGroup(m)
	case *BroadcastAll:
		w.onBroadcastAll(m)
	case *attachClient:
		w.onAttachClient((*Client)(m))
	case *detachClient:
		w.onDetachClient((*Client)(m))
	case *closeClient:
		w.onCloseClient(m)
	case *outboxDrained:
		w.onOutboxDrained((*Client)(m))
	case *passTick:
		w.onPassTick()
	case *flushTick:
		w.onFlushTick()
	case *keepaliveTick:
		w.onKeepaliveTick()
	case *DrainRequest:
		w.onDrainRequest(m)
	case *drainTick:
		w.onDrainTick()
	default:
		w.self.Unknown(msg)
	}
}

func (w *Writer) onStarted(self *process.Process) {
	w.self = self
	w.resetKeepalive()
}

// onRecovered restarts the timers, because the panic may have cost a tick, and runs the pass that it interrupted.
func (w *Writer) onRecovered() {
	w.resetKeepalive()
	w.unfinished = process.DropAll(w.unfinished)
	w.passPosted, w.flushPending = false, false
	w.runPass()
}
