package process

import (
	"errors"
)

// Errors of TryPost and WaitPost. In both cases the message was not queued.
var (
	ErrMailboxFull = errors.New("mailbox full")
	ErrStopped     = errors.New("process stopped")
)

// TryPost queues msg. If the mailbox is full it returns ErrMailboxFull, and after the process stopped ErrStopped. It
// never blocks.
func (p *Process) TryPost(msg any) error {
	if err := p.offer(msg); err != nil {
		return err
	}
	p.schedule()
	return nil
}

// offer is TryPost without the wake-up.
func (p *Process) offer(msg any) error {
	if p.status.Load() == statusStopped {
		return ErrStopped
	}
	if !p.mail.push(msg, p.capacity) {
		p.kind.Refused.Add(1)
		return ErrMailboxFull
	}
	return nil
}

// Post queues msg even if the mailbox is full. Use it only for messages whose number is limited elsewhere: results of
// the receiver's own requests, its own timers, and end notices. It returns false if the process has stopped.
func (p *Process) Post(msg any) bool {
	if !p.put(msg) {
		return false
	}
	p.schedule()
	p.discardIfStopped()
	return true
}

// put is Post without the wake-up.
func (p *Process) put(msg any) bool {
	return p.status.Load() != statusStopped && p.mail.push(msg, unbounded)
}

// discardIfStopped empties the mailbox of a process that stopped while a message was being queued.
func (p *Process) discardIfStopped() {
	if p.status.Load() == statusStopped {
		p.mail.discard()
	}
}

// WaitPost queues msg and blocks while the mailbox is full. It gives backpressure to the reader of a socket and
// between the stages of the delivery path. It returns ErrStopped if the process stops. An actor may only wait for an
// actor that never waits for it.
func (p *Process) WaitPost(msg any) error {
	err := p.enqueue(msg)
	if err == nil {
		p.schedule()
	}
	return err
}

// WaitSlot occupies a mailbox slot without a message, and blocks like WaitPost while the mailbox is full. FreeSlots
// frees the slot.
func (p *Process) WaitSlot() error {
	return p.retryUntilSpace(func() bool { return p.mail.acquire(p.capacity) })
}

// StoppedErr returns ErrStopped if the process has stopped, otherwise nil.
func (p *Process) StoppedErr() error {
	if p.status.Load() == statusStopped {
		return ErrStopped
	}
	return nil
}

// enqueue queues msg as soon as the mailbox has space.
func (p *Process) enqueue(msg any) error {
	return p.retryUntilSpace(func() bool { return p.mail.push(msg, p.capacity) })
}

// retryUntilSpace calls try until it succeeds or the process stops, and waits for space between the calls.
func (p *Process) retryUntilSpace(try func() bool) error {
	for {
		if err := p.StoppedErr(); err != nil {
			return err
		}
		if try() {
			return nil
		}
		p.kind.Waited.Add(1)
		space := p.mail.spaceFreed()
		if p.mail.depth.Load() < p.capacity || p.status.Load() == statusStopped {
			continue
		}
		<-space
	}
}

// schedule makes the process runnable if it is idle and not lingering.
func (p *Process) schedule() {
	if p.wake() {
		p.Sys.hooks.Run(p)
	}
}

// wake reports whether the caller must run the process.
func (p *Process) wake() bool {
	switch p.status.Load() {
	case statusIdle:
		return p.status.CompareAndSwap(statusIdle, statusRunning)
	case statusLingering:
		return p.linger.full(p) && p.status.CompareAndSwap(statusLingering, statusRunning)
	}
	return false
}
