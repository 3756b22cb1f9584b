package node

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// How often one message may be logged: a burst, and while it goes on beyond that, window after window,
// no more than shows that it does. A message is its level and its constant text; fields do not tell
// messages apart.
const (
	repeatWindow = 10 * time.Second
	repeatBurst  = 20   // lines of a window
	repeatSteady = 2    // lines of a window that follows one in which lines were left out
	repeatSlots  = 1024 // two messages that share a slot share its limit
)

// repeatLimiter leaves out lines of a message that is logged too often, from info up, and tells in the
// field "repeats" of the next line of the message how many there were.
type repeatLimiter struct {
	now   func() time.Time
	seed  maphash.Seed
	slots [repeatSlots]repeatSlot
	total atomic.Uint64
}

type repeatSlot struct {
	window  atomic.Int64 // number of the window that count is of
	count   atomic.Uint64
	over    atomic.Bool   // lines of the window before were left out
	skipped atomic.Uint64 // since the last line that was logged
}

func newRepeats(now func() time.Time) *repeatLimiter {
	return &repeatLimiter{now: now, seed: maphash.MakeSeed()}
}

// Run implements zerolog.Hook.
func (r *repeatLimiter) Run(e *zerolog.Event, level zerolog.Level, message string) {
	if level < zerolog.InfoLevel || level > zerolog.ErrorLevel {
		return
	}
	slot := &r.slots[(maphash.String(r.seed, message)+uint64(level))%repeatSlots]
	if !slot.take(r.now().UnixNano() / int64(repeatWindow)) {
		r.total.Add(1)
		e.Discard()
		return
	}
	if n := slot.skipped.Swap(0); n > 0 {
		e.Uint64("repeats", n)
	}
}

// take says whether one more line may be logged in this window.
func (s *repeatSlot) take(window int64) bool {
	if last := s.window.Load(); last != window && s.window.CompareAndSwap(last, window) {
		n := s.count.Swap(0)
		s.over.Store(last == window-1 && n > s.limit())
	}
	if s.count.Add(1) <= s.limit() {
		return true
	}
	s.skipped.Add(1)
	return false
}

// limit is how many lines may be logged in the window.
func (s *repeatSlot) limit() uint64 {
	if s.over.Load() {
		return repeatSteady
	}
	return repeatBurst
}
