package process

import (
	"errors"
)

// Errors of Tell and Wait. Both mean that the message was not taken.
var (
	ErrMailboxFull = errors.New("mailbox full")
	ErrStopped     = errors.New("process stopped")
)

// Tell puts msg into the mailbox, or refuses it with ErrMailboxFull or ErrStopped. It never blocks.
func (p *Process) Tell(msg any) error {
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
	if !p.mail.push(msg, p.bound) {
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
	p.leaveNothing()
	return true
}

// put is Post without the wake-up.
func (p *Process) put(msg any) bool {
	return p.status.Load() != statusStopped && p.mail.push(msg, noBound)
}

// leaveNothing empties the mailbox of a process that stopped while something was put into it: nobody
// else will look.
func (p *Process) leaveNothing() {
	if p.status.Load() == statusStopped {
		p.mail.abandon()
	}
}

// Wait puts msg into the mailbox and blocks while that is full: backpressure for a reader of a
// socket, or for a stage of the delivery path upon the next. It gives up with ErrStopped when
// the process stops. An actor may only wait for one that never waits for it.
func (p *Process) Wait(msg any) error {
	err := p.enqueue(msg)
	if err == nil {
		p.schedule()
	}
	return err
}

// WaitHere does what Wait does, and lends an idle process the caller's goroutine to run on until its mailbox is
// empty, or for batchesLent batches: for who has nothing else to do meanwhile, such as the reader of a socket. To wake another
// goroutine costs more than to handle the message.
func (p *Process) WaitHere(msg any) error {
	err := p.enqueue(msg)
	if err == nil {
		p.scheduleHere()
	}
	return err
}

// TellHere does what Tell does, on the caller's goroutine like WaitHere.
func (p *Process) TellHere(msg any) error {
	if err := p.offer(msg); err != nil {
		return err
	}
	p.scheduleHere()
	return nil
}

// PostHere does what Post does, on the caller's goroutine like WaitHere.
func (p *Process) PostHere(msg any) bool {
	if !p.put(msg) {
		return false
	}
	p.scheduleHere()
	p.leaveNothing()
	return true
}

// Reserve takes a slot of the mailbox for what does not pass through it, and blocks like Wait while it is
// full. Release gives it back.
func (p *Process) Reserve() error {
	return p.whenRoom(func() bool { return p.mail.take(p.bound) })
}

// ended is ErrStopped once the process has stopped.
func (p *Process) Ended() error {
	if p.status.Load() == statusStopped {
		return ErrStopped
	}
	return nil
}

// enqueue puts msg into the mailbox as soon as there is room.
func (p *Process) enqueue(msg any) error {
	return p.whenRoom(func() bool { return p.mail.push(msg, p.bound) })
}

// whenRoom tries until there is room.
func (p *Process) whenRoom(try func() bool) error {
	for {
		if err := p.Ended(); err != nil {
			return err
		}
		if try() {
			return nil
		}
		p.kind.Waited.Add(1)
		room := p.mail.room()
		if p.mail.depth.Load() < p.bound || p.status.Load() == statusStopped {
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

func (p *Process) scheduleHere() {
	if p.wake() {
		p.Sys.Lend(p)
	}
}

// wake reports whether the caller has to let the process run.
func (p *Process) wake() bool {
	switch p.status.Load() {
	case statusIdle:
		return p.status.CompareAndSwap(statusIdle, statusRunning)
	case statusNapping:
		return p.nap.enough(p) && p.status.CompareAndSwap(statusNapping, statusRunning)
	}
	return false
}
