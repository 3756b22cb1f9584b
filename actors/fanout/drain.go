package fanout

import (
	"time"

	"chatnode/actors/wire"
)

// DrainRequest tells a writer to send its clients away within the window.
type DrainRequest struct {
	Reason   string
	Window   time.Duration
	Deadline time.Duration // until the process ends
	Done     chan<- struct{}
}

// drainTick is the tick of a drain.
type drainTick struct{}

// drainPlan is the state of a drain: a share of the clients is closed at every step.
type drainPlan struct {
	DrainRequest
	share int // clients a step
	until time.Time
}

const drainInterval = 50 * time.Millisecond

// startDrain tells every client its slot, spread over the window so that they do not come back at once.
func (w *Writer) startDrain(m DrainRequest) {
	w.drain = &drainPlan{DrainRequest: m, until: time.Now().Add(m.Deadline)}
	steps := max(1, int(m.Window/drainInterval))
	w.drain.share = max(1, (len(w.Clients)+steps-1)/steps)
	spread := min(m.Window, time.Duration(len(w.Clients))*time.Millisecond) + 100*time.Millisecond
	for _, c := range w.Clients {
		slot := w.sys.Jitter(spread)
		w.sendTo(c, wire.Seal(wire.AppendShutdown(wire.Begin(nil), m.Reason, slot.Milliseconds(), m.Deadline.Milliseconds())))
	}
	w.self.PostAfter(0, drainTick{})
}

// onDrainTick closes the next clients, and reports the end once all have gone or time is up.
func (w *Writer) onDrainTick() {
	if w.drain == nil {
		return
	}
	left := w.drain.share
	for _, c := range w.Clients {
		if left == 0 {
			break
		}
		if c.out.closeAt == 0 {
			w.onCloseClient(c, wire.CloseGoingAway, w.drain.Reason)
			left--
		}
	}
	if len(w.Clients) == 0 || !time.Now().Before(w.drain.until) {
		close(w.drain.Done)
		w.drain = nil
		return
	}
	w.self.PostAfter(drainInterval, drainTick{})
}
