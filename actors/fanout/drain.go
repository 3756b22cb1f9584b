package fanout

import (
	"time"

	"chatnode/actors/wire"
)

// drainClients tells a writer to send its clients away within the window.
type DrainClients struct {
	Reason   string
	Window   time.Duration
	Deadline time.Duration // until the process ends
	Done     chan<- struct{}
}

// drainStep is the tick of a drain.
type drainStep struct{}

// drainPlan is the state of a drain: a share of the clients is closed at every step.
type drainPlan struct {
	DrainClients
	share int // clients a step
	until time.Time
}

const drainTick = 50 * time.Millisecond

// startDrain tells every client its slot, spread over the window so that they do not come back at once.
func (w *Writer) startDrain(m DrainClients) {
	w.drain = &drainPlan{DrainClients: m, until: time.Now().Add(m.Deadline)}
	steps := max(1, int(m.Window/drainTick))
	w.drain.share = max(1, (len(w.Clients)+steps-1)/steps)
	spread := min(m.Window, time.Duration(len(w.Clients))*time.Millisecond) + 100*time.Millisecond
	for _, c := range w.Clients {
		slot := w.sys.UpTo(spread)
		w.unicast(c, wire.Seal(wire.AppendShutdown(wire.Begin(nil), m.Reason, slot.Milliseconds(), m.Deadline.Milliseconds())))
	}
	w.self.After(0, drainStep{})
}

// drainStep closes the next clients, and reports the end once all have gone or time is up.
func (w *Writer) drainStep() {
	if w.drain == nil {
		return
	}
	left := w.drain.share
	for _, c := range w.Clients {
		if left == 0 {
			break
		}
		if c.wire.closing == 0 {
			w.cut(c, wire.CloseGoingAway, w.drain.Reason)
			left--
		}
	}
	if len(w.Clients) == 0 || !time.Now().Before(w.drain.until) {
		close(w.drain.Done)
		w.drain = nil
		return
	}
	w.self.After(drainTick, drainStep{})
}
