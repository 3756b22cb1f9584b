package process

import (
	"sync/atomic"
	"time"
)

// A nap is the time for which a process leaves its mailbox alone, so that more comes together in it. Whoever
// tells it something meanwhile wakes no goroutine.
type nap struct {
	want  time.Duration // asked for by the batch under way; 0: none
	end   any           // the message that ends it
	until atomic.Int32  // messages in the mailbox that end it too
	over  atomic.Bool   // its time has passed
	timer *time.Timer   // of the nap before; nil: none
}

// Nap lets the process handle nothing more after the current batch until d has passed, when it gets end, or
// until so many messages wait. It is for actors whose work costs less for many messages than for each. What
// else is in the mailbox, a stop too, waits no longer than d.
func (p *Process) Nap(d time.Duration, until int, end any) {
	if p.nap == nil {
		p.nap = &nap{}
	}
	p.nap.want, p.nap.end = d, end
	p.nap.until.Store(int32(until))
}

// napped begins the nap that the batch has asked for, and reports whether the process has given up its turn.
func (p *Process) napped() bool {
	n := p.nap
	if n == nil || n.want <= 0 {
		return false
	}
	if n.timer != nil {
		n.timer.Stop() // a nap that was cut short has left it; it would only cut this one short as well
	}
	n.over.Store(false)
	end := n.end
	n.timer = p.Sys.After(n.want, func() {
		p.put(end)
		n.over.Store(true)
		if p.status.CompareAndSwap(statusNapping, statusRunning) {
			p.Sys.Lend(p)
		}
	})
	n.want, n.end = 0, nil
	p.status.Store(statusNapping)
	if n.over.Load() || n.enough(p) { // it came between: nobody else will look
		return !p.status.CompareAndSwap(statusNapping, statusRunning)
	}
	return true
}

// enough reports whether the nap is to end before its time.
func (n *nap) enough(p *Process) bool { return p.mail.depth.Load() >= n.until.Load() }
