package process

import (
	"errors"
)

// Errors of Tell and Wait. Both mean that the message was not taken.
var (
	ErrMailboxFull = errors.New("mailbox full")
	ErrStopped     = errors.New("process stopped")
)

// TryPost puts msg into the mailbox, or refuses it with ErrMailboxFull or ErrStopped. It never blocks.
func (p *Process) TryPost(msg any) error {
	if err := p.offer(msg); err != nil {
		return err
	}
	p.schedule()
	return nil
}

// offer is Tell without the wake-up.
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

// Post puts msg into the mailbox whatever the bound says. It is for messages that are bounded
// by construction: an answer to the receiver's own request, its own timer, the end of something
// it owns. It returns false when the process has stopped before.
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

// discardIfStopped empties the mailbox of a process that stopped while something was put into it: nobody
// else will look.
func (p *Process) discardIfStopped() {
	if p.status.Load() == statusStopped {
		p.mail.discard()
	}
}

// WaitPost puts msg into the mailbox and blocks while that is full: backpressure for a reader of a
// socket, or for a stage of the delivery path upon the next. It gives up with ErrStopped when
// the process stops. An actor may only wait for one that never waits for it.
func (p *Process) WaitPost(msg any) error {
	err := p.enqueue(msg)
	if err == nil {
		p.schedule()
	}
	return err
}

// WaitSlot takes a slot of the mailbox for what does not pass through it, and blocks like Wait while it is
// full. Release gives it back.
func (p *Process) WaitSlot() error {
	return p.retryUntilSpace(func() bool { return p.mail.acquire(p.capacity) })
}

// StoppedErr is ErrStopped once the process has stopped.
func (p *Process) StoppedErr() error {
	if p.status.Load() == statusStopped {
		return ErrStopped
	}
	return nil
}

// enqueue puts msg into the mailbox as soon as there is room.
func (p *Process) enqueue(msg any) error {
	return p.retryUntilSpace(func() bool { return p.mail.push(msg, p.capacity) })
}

// retryUntilSpace tries until there is room.
func (p *Process) retryUntilSpace(try func() bool) error {
	for {
		if err := p.StoppedErr(); err != nil {
			return err
		}
		if try() {
			return nil
		}
		p.kind.Waited.Add(1)
		room := p.mail.spaceFreed()
		if p.mail.depth.Load() < p.capacity || p.status.Load() == statusStopped {
			continue
		}
		<-room
	}
}

// schedule lets the process run if it does not and has no reason to nap on.
func (p *Process) schedule() {
	if p.wake() {
		p.Sys.Schedule(p)
	}
}

// wake reports whether the caller has to let the process run.
func (p *Process) wake() bool {
	switch p.status.Load() {
	case statusIdle:
		return p.status.CompareAndSwap(statusIdle, statusRunning)
	case statusLingering:
		return p.linger.full(p) && p.status.CompareAndSwap(statusLingering, statusRunning)
	}
	return false
}
