package room

import (
	"time"
)

// latencySample measures the time from a write of a room until its entry is displayed. It measures one write at a
// time, so its cost does not depend on the traffic, and each write if there are few. It uses the clock of this node
// only.
type latencySample struct {
	id        string // entry being measured; empty: none
	startedAt time.Time
}

// maxLatency is the time after which a measurement is discarded, because the write was rejected or its result is
// unknown.
const maxLatency = 10 * time.Second

// start starts the measurement of an entry, unless another one is in progress.
func (s *latencySample) start(id string, now time.Time) {
	if s.id == "" || now.Sub(s.startedAt) > maxLatency {
		s.id, s.startedAt = id, now
	}
}

// stop ends the measurement. ok is false if another entry or none is being measured.
func (s *latencySample) stop(id string) (d time.Duration, ok bool) {
	if s.id == "" || s.id != id {
		return 0, false
	}
	s.id = ""
	return time.Since(s.startedAt), true
}
