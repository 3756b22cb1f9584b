package process

import (
	"iter"
	"sync/atomic"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// An Actor is the behaviour of one process. Receive sees one message at a time and is never
// called concurrently with itself. It must not block for longer than its port calls promise.
type Actor interface {
	Receive(self *Process, msg any)
}

// A BatchActor takes everything that its mailbox holds in one call, oldest first; Receive gets only
// the lifecycle messages. A panic costs what it has come to by then: all of it, or where it goes over it by
// Process.Each what came up to that message. So an actor that owes answers keeps what it
// owes until then, and settles it when it hears Recovered. msgs is valid only during the call.
type BatchActor interface {
	Actor
	ReceiveBatch(self *Process, msgs []any)
}

// Lifecycle messages that every actor receives.
type (
	// Started is the first message of a process, and again the first after a rebuild.
	Started struct{}
	// Recovered is the first message after a panic that was survived with the state kept: what the
	// panic left half done can be put right.
	Recovered struct{}
	// Stopped is the last message of a process.
	Stopped struct{}
)

type stopRequest struct{ done chan struct{} }

// A Process runs one Actor on a bounded mailbox, supervised, as a hollywood Processer. The
// pointer is its address: whoever holds it may Tell it something. An idle Process owns no
// goroutine and an empty mailbox no memory.
type Process struct {
	mail      mailbox
	status    atomic.Int32
	capacity  int32
	Pid       *actor.PID
	Actor     Actor
	Sys       *System
	kind      *KindStats
	rebuild   func() Actor  // nil: a panic leaves the actor with its state
	onGiveUp  func()        // nil: nobody has to be told
	guard     *panicHistory // nil until the first panic
	unhandled []any         // what a panic left of the batch, handled after the back-off
	linger    *linger       // nil before the first one
	unvisited int           // messages of the batch under way that Each has not come to
}

var _ actor.Processer = (*Process)(nil)

const (
	statusIdle int32 = iota
	statusRunning
	statusLingering
	statusStopped
)

// How many batches a busy process handles before it lets go of its goroutine: of its own, to let others
// run; and of one that is lent, which has more to do than what came after its message. Else the one process that all
// rooms wait for (bridge_out, bridge_in) would work for a busy room only, as long as that gets more.
const (
	maxBatches       = 64
	maxBatchesInline = 8
)

// TakeSlots keeps n more slots of the mailbox taken after the current message is done, so that work in
// flight counts against the bound; Release gives them back.
func (p *Process) TakeSlots(n int32) { p.mail.depth.Add(n) }

// FreeSlots gives back n slots taken by Hold or Reserve and wakes those that wait for room.
func (p *Process) FreeSlots(n int32) { p.mail.release(n, p.capacity) }

// PostAfter posts msg to the process itself once d has passed, unless the timer is stopped before.
func (p *Process) PostAfter(d time.Duration, msg any) *time.Timer {
	return p.Sys.After(d, func() { p.Inline().Post(msg) })
}

// Depth is the number of messages that are queued or held.
func (p *Process) Depth() int { return int(p.mail.depth.Load()) }

// ID is the process's address in the actor tree, such as "session/4f…".
func (p *Process) ID() string { return p.Pid.ID }

// Stop ends the process once it has handled what is queued; the returned channel is closed when it has.
func (p *Process) Stop() <-chan struct{} {
	done := make(chan struct{})
	if !p.Post(stopRequest{done}) {
		close(done)
	}
	return done
}

// PID implements actor.Processer.
func (p *Process) PID() *actor.PID { return p.Pid }

// Send implements actor.Processer: engine.Send ends here. A refused message becomes a dead letter.
func (p *Process) Send(_ *actor.PID, msg any, sender *actor.PID) {
	if err := p.TryPost(msg); err != nil {
		p.Sys.Engine.BroadcastEvent(actor.DeadLetterEvent{Target: p.Pid, Message: msg, Sender: sender})
	}
}

// Start implements actor.Processer; the registry calls it on the spawner's goroutine, so the
// actor's own start is a message.
func (p *Process) Start() {
	p.mail.depth.Add(1)
	p.unhandled = []any{Started{}}
	p.Sys.Schedule(p)
}

// Invoke implements actor.Processer.
func (p *Process) Invoke(batch []actor.Envelope) {
	for _, e := range batch {
		p.Send(p.Pid, e.Msg, e.Sender)
	}
}

// Shutdown implements actor.Processer.
func (p *Process) Shutdown() { p.Stop() }

// Run is a turn on a goroutine of its own.
func (p *Process) Run() { p.runBatches(maxBatches) }

// runInline is a turn on somebody else's.
func (p *Process) runInline() { p.runBatches(maxBatchesInline) }

// runBatches drains the mailbox until it is empty, the process stops or naps, a panic asks for a pause, or the turn is over.
func (p *Process) runBatches(batches int) {
	for range batches {
		batch := p.unhandled
		p.unhandled = nil
		if batch == nil {
			batch = p.mail.drain()
		}
		if len(batch) == 0 {
			p.setIdle()
			return
		}
		if pause := p.handle(batch); pause > 0 {
			p.Sys.After(pause, func() { p.Sys.Schedule(p) })
			return
		}
		if p.status.Load() == statusStopped || p.startLinger() {
			return
		}
	}
	p.Sys.Schedule(p)
}

// setIdle hands the turn back, and takes it again when a message came between the last drain and now.
func (p *Process) setIdle() {
	p.status.Store(statusIdle)
	if !p.mail.empty() {
		p.schedule()
	}
}

// handle gives the batch to the actor. After a panic it keeps the rest and returns the back-off.
func (p *Process) handle(batch []any) (pause time.Duration) {
	done := 0
	defer func() {
		v := recover()
		done -= p.unvisited
		p.unvisited = 0
		p.mail.release(int32(done), p.capacity)
		p.kind.Handled.Add(uint64(done))
		if v == nil {
			p.mail.recycle(batch)
			return
		}
		if done < len(batch) {
			p.unhandled = batch[done:]
		}
		pause = p.onPanic(v)
	}()
	many, ok := p.Actor.(BatchActor)
	for done < len(batch) {
		from := done
		if n := countMessages(batch[from:]); ok && n > 0 {
			done += n
			many.ReceiveBatch(p, batch[from:done])
			continue
		}
		done++
		if s, ok := batch[from].(stopRequest); ok {
			p.terminate(s, batch[done:])
			return 0
		}
		p.Actor.Receive(p, batch[from])
	}
	return 0
}

// Each goes over the batch that the process has been given. What a panic finds it not to have come to is not lost.
func (p *Process) Each(msgs []any) iter.Seq[any] {
	return func(yield func(any) bool) {
		p.unvisited = len(msgs)
		for _, msg := range msgs {
			p.unvisited--
			if !yield(msg) {
				break
			}
		}
		p.unvisited = 0
	}
}

// countMessages counts the messages before the next lifecycle message.
func countMessages(batch []any) (n int) {
	for _, m := range batch {
		switch m.(type) {
		case stopRequest, Started, Recovered:
			return n
		}
		n++
	}
	return n
}

// terminate is the end of the process: the actor hears Stopped, whatever else is queued is dropped.
func (p *Process) terminate(s stopRequest, rest []any) {
	defer func() {
		p.unregister()
		close(s.done)
		p.discard(rest)
	}()
	p.Actor.Receive(p, Stopped{})
}

// unregister takes the process out of the system: nobody finds or counts it any more, and it takes no messages.
func (p *Process) unregister() {
	p.status.Store(statusStopped)
	p.Sys.Engine.Registry.Remove(p.Pid)
	p.kind.Live.Add(-1)
	p.Sys.processes.Delete(p)
}

// discard lets go of what a process that has left was still to handle. Whoever waits for its end is told.
func (p *Process) discard(rest []any) {
	for _, msg := range rest {
		confirmStop(msg)
	}
	p.mail.wake()
	p.mail.discard()
}
