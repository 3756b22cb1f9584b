package process

import (
	"time"
)

// A Ticker is a message that a process sends itself again and again. There is one of it at a time, also where a panic
// may have cost the last one and it is begun again.
type Ticker struct{ timer *time.Timer }

// Reset lets the process have msg in d, and not what was still to come of it.
func (t *Ticker) Reset(p *Process, d time.Duration, msg any) {
	t.Stop()
	t.timer = p.PostAfter(d, msg)
}

// Stop ends it.
func (t *Ticker) Stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
