package process

import (
	"math"
	"sync/atomic"
)

// unbounded lets a message in whatever the depth is.
const unbounded = math.MaxInt32

// A mailbox is a bounded queue for many producers and one consumer, without locks: producers push
// onto a stack, the consumer takes the whole stack in one swap and reverses it. Empty, it owns
// no memory.
type mailbox struct {
	head    atomic.Pointer[mailboxNode]
	depth   atomic.Int32 // queued, being handled, or held
	waiters atomic.Pointer[chan struct{}]
	spare   []any // the consumer's: the last batch's array, for the next
}

type mailboxNode struct {
	next *mailboxNode
	msg  any
}

// maxSpare bounds the array that a mailbox keeps between batches.
const maxSpare = 512

// push adds msg unless the mailbox holds bound messages already.
func (m *mailbox) push(msg any, bound int32) bool {
	if !m.acquire(bound) {
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

// acquire reserves a slot. The depth never exceeds the bound even for a moment, or a release that
// happens in that moment would not see that it must wake the waiters.
func (m *mailbox) acquire(bound int32) bool {
	if bound == unbounded {
		m.depth.Add(1)
		return true
	}
	for {
		d := m.depth.Load()
		if d >= bound {
			return false
		}
		if m.depth.CompareAndSwap(d, d+1) {
			return true
		}
	}
}

// drain takes everything, oldest first. Only the consumer calls it.
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

// recycle keeps the array of a handled batch for the next one, where that is worth it: a process
// that handles one message now and then should own nothing in between.
func (m *mailbox) recycle(batch []any) {
	clear(batch)
	if c := cap(batch); c >= 8 && c <= maxSpare {
		m.spare = batch[:0]
	}
}

func (m *mailbox) empty() bool { return m.head.Load() == nil }

// release counts n messages as done and wakes the waiters once half of the bound is free.
func (m *mailbox) release(n, bound int32) {
	if m.depth.Add(-n) <= bound/2 && m.waiters.Load() != nil {
		m.wake()
	}
}

// spaceFreed returns a channel that is closed when there may be room. The caller looks at the depth once
// more before it waits, or the wake-up may have passed already.
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

func (m *mailbox) wake() {
	if c := m.waiters.Swap(nil); c != nil {
		close(*c)
	}
}

// discard drops what still waits in a stopped process's mailbox; whoever waits for its end is told.
// Any goroutine may call it.
func (m *mailbox) discard() {
	for l := m.head.Swap(nil); l != nil; l = l.next {
		confirmStop(l.msg)
	}
}

func confirmStop(msg any) {
	if s, ok := msg.(stopRequest); ok {
		close(s.done)
	}
}

func DropAll[T any](list []T) []T {
	clear(list)
	return list[:0]
}
