package process

import (
	"sync/atomic"
	"time"
)

// linger is the delay during which a process does not handle messages, so that more messages join the next batch.
// Senders do not wake a goroutine during the delay.
type linger struct {
	delay       time.Duration // requested by the current batch; 0: none
	message     any           // sent when the delay ends
	maxMessages atomic.Int32  // the delay ends early at this mailbox depth
	expired     atomic.Bool   // the delay has passed
	timer       *time.Timer   // of the last delay; nil: none
}

// Linger delays the next batch until d has passed or the mailbox contains maxMessages. When d has passed, the process
// receives end. Use it for actors whose cost per batch exceeds their cost per message. Other queued messages,
// including a stop, wait for at most d.
func (p *Process) Linger(d time.Duration, maxMessages int, end any) {
	if p.linger == nil {
		p.linger = &linger{}
	}
	p.linger.delay, p.linger.message = d, end
	p.linger.maxMessages.Store(int32(maxMessages))
}

// startLinger starts the delay that the batch requested, and reports whether the process stops running now.
func (p *Process) startLinger() bool {
	n := p.linger
	if n == nil || n.delay <= 0 {
		return false
	}
	if n.timer != nil {
		n.timer.Stop() // still armed if the last delay ended early; it would shorten this one
	}
	n.expired.Store(false)
	end := n.message
	n.timer = p.Sys.hooks.After(n.delay, func() {
		p.put(end)
		n.expired.Store(true)
		if p.status.CompareAndSwap(statusLingering, statusRunning) {
			p.Sys.hooks.Inline(p)
		}
	})
	n.delay, n.message = 0, nil
	p.status.Store(statusLingering)
	if n.expired.Load() || n.full(p) { // the condition became true before statusLingering was set, so no sender saw it
		return !p.status.CompareAndSwap(statusLingering, statusRunning)
	}
	return true
}

// full reports whether the mailbox is deep enough to end the delay early.
func (n *linger) full(p *Process) bool { return p.mail.depth.Load() >= n.maxMessages.Load() }
