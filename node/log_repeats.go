package node

import (
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// Limits of lines with the same message, that is, the same level and text; fields are ignored. If more lines than the
// limit are logged in one window, the next window has a lower limit.
const (
	repeatWindow    = 10 * time.Second
	repeatBurst     = 20   // lines per window
	repeatSustained = 2    // lines per window, if lines were suppressed in the previous one
	repeatSlots     = 1024 // messages with the same slot share its limit
)

// repeatLimiter suppresses lines of a message that is logged too often, at the levels info, warn and error. The next
// line of the message has the number of suppressed lines in the field "repeats".
type repeatLimiter struct {
	now   func() time.Time
	seed  maphash.Seed
	slots [repeatSlots]repeatSlot
}

type repeatSlot struct {
	window   atomic.Int64 // number of the window that count belongs to
	count    atomic.Uint64
	exceeded atomic.Bool   // lines of the previous window were suppressed
	skipped  atomic.Uint64 // lines suppressed since the last line that was logged
}

func newRepeatLimiter(now func() time.Time) *repeatLimiter {
	return &repeatLimiter{now: now, seed: maphash.MakeSeed()}
}

// Run implements zerolog.Hook.
func (r *repeatLimiter) Run(e *zerolog.Event, level zerolog.Level, message string) {
	if level < zerolog.InfoLevel || level > zerolog.ErrorLevel {
		return
	}
	slot := &r.slots[(maphash.String(r.seed, message)+uint64(level))%repeatSlots]
	if !slot.allow(r.now().UnixNano() / int64(repeatWindow)) {
		e.Discard()
		return
	}
	if n := slot.skipped.Swap(0); n > 0 {
		e.Uint64("repeats", n)
	}
}

// allow counts a line and reports whether it may be logged in this window.
func (s *repeatSlot) allow(window int64) bool {
	if last := s.window.Load(); last != window && s.window.CompareAndSwap(last, window) {
		n := s.count.Swap(0)
		s.exceeded.Store(last == window-1 && n > s.limit())
	}
	if s.count.Add(1) <= s.limit() {
		return true
	}
	s.skipped.Add(1)
	return false
}

// limit returns the maximum number of lines in the current window.
func (s *repeatSlot) limit() uint64 {
	if s.exceeded.Load() {
		return repeatSustained
	}
	return repeatBurst
}
