package process

import (
	"math"
	"sync/atomic"
)

// unbounded is the capacity for messages that are accepted at any depth.
const unbounded = math.MaxInt32

// mailbox is a bounded lock-free queue with many producers and one consumer. Producers push onto a stack; the consumer
// takes the whole stack with one swap and reverses it. An empty mailbox uses no memory.
type mailbox struct {
	head    atomic.Pointer[mailboxNode]
	depth   atomic.Int32                  // queued, being handled, or occupied
	waiters atomic.Pointer[chan struct{}] // closed when space may be free; nil: no sender waits
	spare   []any                         // array of the last batch, owned by the consumer
}

// mailboxNode is one message on the stack.
type mailboxNode struct {
	next *mailboxNode
	msg  any
}

// maxSpare limits the array that a mailbox keeps between batches, in messages.
const maxSpare = 512

// push adds msg. It returns false if depth >= capacity.
func (m *mailbox) push(msg any, capacity int32) bool {
	if !m.acquire(capacity) {
		return false
	}
	l := &mailboxNode{msg: msg}
	for {
		l.next = m.head.Load()
		if m.head.CompareAndSwap(l.next, l) {
			return true
		}
	}
}

// acquire takes a slot. Invariant: depth <= capacity at all times. Otherwise a release could see a depth that is too high
// for a moment, and not wake the waiters.
func (m *mailbox) acquire(capacity int32) bool {
	if capacity == unbounded {
		m.depth.Add(1)
		return true
	}
	for {
		d := m.depth.Load()
		if d >= capacity {
			return false
		}
		if m.depth.CompareAndSwap(d, d+1) {
			return true
		}
	}
}

// drain returns all queued messages, oldest first. Only the consumer calls it.
func (m *mailbox) drain() []any {
	top := m.head.Swap(nil)
	n := 0
	for l := top; l != nil; l = l.next {
		n++
	}
	if n == 0 {
		return nil
	}
	batch := m.spare
	m.spare = nil
	if cap(batch) < n {
		batch = make([]any, n)
	}
	batch = batch[:n]
	for l := top; l != nil; l = l.next {
		n--
		batch[n] = l.msg
	}
	return batch
}

// recycle keeps the array of a handled batch for the next one. Small arrays are dropped, so that a process with few
// messages uses no memory between them.
func (m *mailbox) recycle(batch []any) {
	clear(batch)
	if c := cap(batch); c >= 8 && c <= maxSpare {
		m.spare = batch[:0]
	}
}

func (m *mailbox) empty() bool { return m.head.Load() == nil }

// release frees n slots, and wakes the waiters if at least half of the capacity is free.
func (m *mailbox) release(n, capacity int32) {
	if m.depth.Add(-n) <= capacity/2 && m.waiters.Load() != nil {
		m.wake()
	}
}

// spaceFreed returns a channel that is closed when space may be free. The caller must check the depth again before it
// waits, because the wake-up may already have happened.
func (m *mailbox) spaceFreed() <-chan struct{} {
	for {
		if c := m.waiters.Load(); c != nil {
			return *c
		}
		c := make(chan struct{})
		if m.waiters.CompareAndSwap(nil, &c) {
			return c
		}
	}
}

// wake wakes all waiting senders.
func (m *mailbox) wake() {
	if c := m.waiters.Swap(nil); c != nil {
		close(*c)
	}
}

// discard drops the messages of a stopped process and confirms stop requests among them. It may be called from any
// goroutine.
func (m *mailbox) discard() {
	for l := m.head.Swap(nil); l != nil; l = l.next {
		confirmStop(l.msg)
	}
}

// confirmStop reports to the sender of a stop request that the process has stopped.
func confirmStop(msg any) {
	if s, ok := msg.(stopRequest); ok {
		close(s.done)
	}
}

// DropAll empties a list and releases its elements. The result shares the array.
func DropAll[T any](list []T) []T {
	clear(list)
	return list[:0]
}
