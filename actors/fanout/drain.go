package fanout

import (
	"time"

	"chatnode/actors/wire"
)

// drainPlan is a drain in progress: every drainInterval, clientsPerTick clients are closed.
type drainPlan struct {
	DrainRequest
	clientsPerTick int
	deadline       time.Time
}

const drainInterval = 50 * time.Millisecond

// onDrainRequest sends every client a random delay for its reconnect. The delays are spread over the window, at most
// 1 ms per client, so that the clients do not reconnect at the same time.
func (w *Writer) onDrainRequest(m *DrainRequest) {
	steps := max(1, int(m.Window/drainInterval))
	w.drain = &drainPlan{
		DrainRequest:   *m,
		clientsPerTick: max(1, (len(w.Clients)+steps-1)/steps),
		deadline:       time.Now().Add(m.Deadline),
	}
	spread := min(m.Window, time.Duration(len(w.Clients))*time.Millisecond) + 100*time.Millisecond
	for _, c := range w.Clients {
		delay := w.sys.Jitter(spread)
		w.sendTo(c, wire.Seal(wire.AppendShutdown(wire.Begin(nil), m.Reason, delay.Milliseconds(), m.Deadline.Milliseconds())))
	}
	w.self.PostAfter(0, &drainTick{})
}

// onDrainTick closes the next clients. It ends the drain if all clients are detached or the deadline has passed.
func (w *Writer) onDrainTick() {
	if w.drain == nil {
		return
	}
	n := w.drain.clientsPerTick
	for _, c := range w.Clients {
		if n == 0 {
			break
		}
		if c.out.closeAt == 0 {
			w.startClose(c, wire.CloseGoingAway, w.drain.Reason)
			n--
		}
	}
	if len(w.Clients) == 0 || !time.Now().Before(w.drain.deadline) {
		close(w.drain.Done)
		w.drain = nil
		return
	}
	w.self.PostAfter(drainInterval, &drainTick{})
}
