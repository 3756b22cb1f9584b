package room

import (
	"time"
)

// A latencySample measures how long a room's own writes take until the room shows them: one at a time, so
// that it costs the same whatever the traffic, and every one while there is little of it. It is the
// room's, and has only this node's clock in it.
type latencySample struct {
	id    string // of the entry that is measured; empty: none
	since time.Time
}

// stuckAfter is when a measurement is given up: the write was refused, or its fate is unknown.
const stuckAfter = 10 * time.Second

// start begins to measure an entry, unless another is being measured.
func (s *latencySample) start(id string, now time.Time) {
	if s.id == "" || now.Sub(s.since) > stuckAfter {
		s.id, s.since = id, now
	}
}

// stop ends the measurement if the entry is the one that is measured.
func (s *latencySample) stop(id string) (d time.Duration, ok bool) {
	if s.id == "" || s.id != id {
		return 0, false
	}
	s.id = ""
	return time.Since(s.since), true
}
