package actors

import "time"

// A tick is a message that a process sends itself again and again. There is one of it at a time, also where a panic
// may have cost the last one and it is begun again.
type tick struct{ timer *time.Timer }

// again lets the process have msg in d, and not what was still to come of it.
func (t *tick) again(p *Process, d time.Duration, msg any) {
	t.stop()
	t.timer = p.After(d, msg)
}

// stop ends it.
func (t *tick) stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
