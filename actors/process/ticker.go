package process

import (
	"time"
)

// Ticker sends a message to its own process after a delay. At most one message is pending, so a ticker may be reset
// after a panic even if the last message was not lost.
type Ticker struct{ timer *time.Timer }

// Reset sends msg to p after d. A pending message of this ticker is canceled.
func (t *Ticker) Reset(p *Process, d time.Duration, msg any) {
	t.Stop()
	t.timer = p.PostAfter(d, msg)
}

// Stop cancels the pending message.
func (t *Ticker) Stop() {
	if t.timer != nil {
		t.timer.Stop()
	}
}
