package actors

import (
	"time"

	"chatnode/actors/wire"
)

// drainClients tells a writer to send its clients away within the window.
type drainClients struct {
	reason   string
	window   time.Duration
	deadline time.Duration // until the process ends
	done     chan<- struct{}
}

// drainStep is the tick of a drain.
type drainStep struct{}

// drainPlan is the state of a drain: a share of the clients is closed at every step.
type drainPlan struct {
	drainClients
	share int // clients a step
	until time.Time
}

const drainTick = 50 * time.Millisecond

// startDrain tells every client its slot, spread over the window so that they do not come back at once.
func (w *writer) startDrain(m drainClients) {
	w.drain = &drainPlan{drainClients: m, until: time.Now().Add(m.deadline)}
	steps := max(1, int(m.window/drainTick))
	w.drain.share = max(1, (len(w.clients)+steps-1)/steps)
	spread := min(m.window, time.Duration(len(w.clients))*time.Millisecond) + 100*time.Millisecond
	for _, c := range w.clients {
		slot := w.sys.upTo(spread)
		w.unicast(c, wire.Seal(wire.AppendShutdown(wire.Begin(nil), m.reason, slot.Milliseconds(), m.deadline.Milliseconds())))
	}
	w.self.After(0, drainStep{})
}

// drainStep closes the next clients, and reports the end once all have gone or time is up.
func (w *writer) drainStep() {
	if w.drain == nil {
		return
	}
	left := w.drain.share
	for _, c := range w.clients {
		if left == 0 {
			break
		}
		if c.wire.closing == 0 {
			w.cut(c, wire.CloseGoingAway, w.drain.reason)
			left--
		}
	}
	if len(w.clients) == 0 || !time.Now().Before(w.drain.until) {
		close(w.drain.done)
		w.drain = nil
		return
	}
	w.self.After(drainTick, drainStep{})
}
