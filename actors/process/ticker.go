package process

import (
	"time"
)

// A tick is a message that a process sends itself again and again. There is one of it at a time, also where a panic
// may have cost the last one and it is begun again.
type Tick struct{ timer *time.Timer }

// again lets the process have msg in d, and not what was still to come of it.
func (t *Tick) Again(p *Process, d time.Duration, msg any) {
	t.Stop()
	t.timer = p.After(d, msg)
}

// stop ends it.
func (t *Tick) Stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
