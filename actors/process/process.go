package process

import (
	"iter"
	"sync/atomic"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// Actor is the behavior of a Process. Receive handles one message at a time; calls never overlap. It may block only in
// port calls, which return soon after their context ends.
type Actor interface {
	Receive(self *Process, msg any)
}

// BatchActor is an Actor that handles all queued messages in one call, oldest first. Receive gets only lifecycle
// messages. msgs is valid only during the call.
//
// If ReceiveBatch panics, the messages of the batch are lost. If it iterates with Process.Each, only the messages up
// to the current one are lost; the rest are handled after the back-off. An actor that must answer requests therefore
// keeps the open requests in its state and answers them when it receives Recovered.
type BatchActor interface {
	Actor
	ReceiveBatch(self *Process, msgs []any)
}

// Lifecycle messages, sent to every actor.
type (
	// Started is the first message of a process, and the first message after a rebuild.
	Started struct{}
	// Recovered is the first message after a panic if the actor keeps its state. The actor repairs state that the
	// panic left incomplete.
	Recovered struct{}
	// Stopped is the last message of a process.
	Stopped struct{}
)

type stopRequest struct{ done chan struct{} }

// Process runs one Actor with a bounded mailbox and recovers its panics. It implements hollywood's Processer. Senders
// address a process by its pointer. An idle process has no goroutine, and an empty mailbox uses no memory.
type Process struct {
	mail      mailbox
	status    atomic.Int32
	capacity  int32
	pid       *actor.PID
	Actor     Actor
	Sys       *System
	kind      *KindStats
	rebuild   func() Actor  // returns a new actor after a panic; nil: the actor keeps its state
	onGiveUp  func()        // Spec.OnGiveUp; may be nil
	panics    *panicHistory // panic history; nil before the first panic
	unhandled []any         // rest of the batch after a panic, handled after the back-off
	linger    *linger       // nil before the first call of Linger
	unvisited int           // messages of the current batch that Each has not yielded yet
}

var _ actor.Processer = (*Process)(nil)

const (
	statusIdle int32 = iota
	statusRunning
	statusLingering
	statusStopped
)

// Batches that a busy process handles before it yields its goroutine.
//
// maxBatchesInline is lower because the goroutine belongs to the sender, which has other work to do. Without this
// limit, bridge_out and bridge_in, which serve all rooms, would run for a single busy room for as long as it received
// messages.
const (
	maxBatches       = 64
	maxBatchesInline = 8
)

// TakeSlots occupies n additional mailbox slots, so that work in flight counts against the capacity after its message
// has been handled. FreeSlots frees them.
func (p *Process) TakeSlots(n int32) { p.mail.depth.Add(n) }

// FreeSlots frees n slots taken by TakeSlots or WaitSlot and wakes senders that wait for space.
func (p *Process) FreeSlots(n int32) { p.mail.release(n, p.capacity) }

// PostAfter sends msg to the process itself after d, unless the returned timer is stopped first.
func (p *Process) PostAfter(d time.Duration, msg any) *time.Timer {
	return p.Sys.hooks.After(d, func() { p.Inline().Post(msg) })
}

// Depth returns the number of occupied mailbox slots: messages queued or being handled, and slots taken by TakeSlots
// or WaitSlot.
func (p *Process) Depth() int { return int(p.mail.depth.Load()) }

// ID returns the path of the process in the actor tree, for example "session/4f…".
func (p *Process) ID() string { return p.pid.ID }

// Stop stops the process after it has handled the messages queued before the call. The returned channel is closed when
// the process has stopped.
func (p *Process) Stop() <-chan struct{} {
	done := make(chan struct{})
	if !p.Post(stopRequest{done}) {
		close(done)
	}
	return done
}

// PID implements actor.Processer.
func (p *Process) PID() *actor.PID { return p.pid }

// Send implements actor.Processer; engine.Send calls it. A rejected message becomes a dead letter.
func (p *Process) Send(_ *actor.PID, msg any, sender *actor.PID) {
	if err := p.TryPost(msg); err != nil {
		p.Sys.Engine.BroadcastEvent(actor.DeadLetterEvent{Target: p.pid, Message: msg, Sender: sender})
	}
}

// Start implements actor.Processer. The registry calls it on the goroutine of the spawner. The actor therefore
// initializes when it receives Started, on its own goroutine.
func (p *Process) Start() {
	p.mail.depth.Add(1)
	p.unhandled = []any{Started{}}
	p.Sys.hooks.Run(p)
}

// Invoke implements actor.Processer.
func (p *Process) Invoke(batch []actor.Envelope) {
	for _, e := range batch {
		p.Send(p.pid, e.Msg, e.Sender)
	}
}

// Shutdown implements actor.Processer.
func (p *Process) Shutdown() { p.Stop() }

// Run runs the process on a goroutine of the engine.
func (p *Process) Run() { p.runBatches(maxBatches) }

// runInline runs the process on the goroutine of a sender.
func (p *Process) runInline() { p.runBatches(maxBatchesInline) }

// runBatches handles up to n batches. It returns early if the mailbox is empty, or if the process stops, lingers, or
// backs off after a panic.
func (p *Process) runBatches(n int) {
	for range n {
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
			p.Sys.hooks.After(pause, func() { p.Sys.hooks.Run(p) })
			return
		}
		if p.status.Load() == statusStopped || p.startLinger() {
			return
		}
	}
	p.Sys.hooks.Run(p)
}

// setIdle marks the process idle. If a message arrived after the last drain, it reschedules the process.
func (p *Process) setIdle() {
	p.status.Store(statusIdle)
	if !p.mail.empty() {
		p.schedule()
	}
}

// handle passes the batch to the actor. After a panic it saves the unhandled messages and returns the back-off.
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

// Each iterates over the current batch. If the loop body panics, the messages not yet yielded are kept and handled
// after the back-off.
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

// countMessages returns the number of messages before the next lifecycle message.
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

// terminate stops the process: it sends Stopped to the actor and drops all queued messages.
func (p *Process) terminate(s stopRequest, rest []any) {
	defer func() {
		p.unregister()
		close(s.done)
		p.discard(rest)
	}()
	p.Actor.Receive(p, Stopped{})
}

// unregister removes the process from the registry and from the statistics. It then accepts no messages.
func (p *Process) unregister() {
	p.status.Store(statusStopped)
	p.Sys.Engine.Registry.Remove(p.pid)
	p.kind.Live.Add(-1)
	p.Sys.processes.Delete(p)
}

// discard drops the given messages and all queued ones, and confirms stop requests among them.
func (p *Process) discard(rest []any) {
	for _, msg := range rest {
		confirmStop(msg)
	}
	p.mail.wake()
	p.mail.discard()
}
