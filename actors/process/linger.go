package process

import (
	"sync/atomic"
	"time"
)

// A linger is the time for which a process leaves its mailbox alone, so that more comes together in it. Whoever
// tells it something meanwhile wakes no goroutine.
type linger struct {
	delay       time.Duration // asked for by the batch under way; 0: none
	message     any           // the message that ends it
	maxMessages atomic.Int32  // messages in the mailbox that end it too
	expired     atomic.Bool   // its time has passed
	timer       *time.Timer   // of the nap before; nil: none
}

// Linger lets the process handle nothing more after the current batch until d has passed, when it gets end, or
// until so many messages wait. It is for actors whose work costs less for many messages than for each. What
// else is in the mailbox, a stop too, waits no longer than d.
func (p *Process) Linger(d time.Duration, until int, end any) {
	if p.linger == nil {
		p.linger = &linger{}
	}
	p.linger.delay, p.linger.message = d, end
	p.linger.maxMessages.Store(int32(until))
}

// startLinger begins the nap that the batch has asked for, and reports whether the process has given up its turn.
func (p *Process) startLinger() bool {
	n := p.linger
	if n == nil || n.delay <= 0 {
		return false
	}
	if n.timer != nil {
		n.timer.Stop() // a nap that was cut short has left it; it would only cut this one short as well
	}
	n.expired.Store(false)
	end := n.message
	n.timer = p.Sys.After(n.delay, func() {
		p.put(end)
		n.expired.Store(true)
		if p.status.CompareAndSwap(statusLingering, statusRunning) {
			p.Sys.RunInline(p)
		}
	})
	n.delay, n.message = 0, nil
	p.status.Store(statusLingering)
	if n.expired.Load() || n.full(p) { // it came between: nobody else will look
		return !p.status.CompareAndSwap(statusLingering, statusRunning)
	}
	return true
}

// full reports whether the nap is to end before its time.
func (n *linger) full(p *Process) bool { return p.mail.depth.Load() >= n.maxMessages.Load() }
