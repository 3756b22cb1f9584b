package auth

import (
	"errors"
	"iter"
	"sync/atomic"
)

// Stats are counters of rejections by reason. All reasons have a counter from the start, so that metrics can export
// zeros.
type Stats struct {
	rejected map[*Error]*atomic.Uint64 // not changed after newStats
}

func newStats() *Stats {
	s := &Stats{rejected: map[*Error]*atomic.Uint64{}}
	for _, reason := range Errors() {
		s.rejected[reason] = &atomic.Uint64{}
	}
	return s
}

// count counts err if it is an Error of this package, and returns it.
func (s *Stats) count(err error) error {
	if reason, ok := errors.AsType[*Error](err); ok && s.rejected[reason] != nil {
		s.rejected[reason].Add(1)
	}
	return err
}

// Refused yields each reason, such as "expired", with its counter.
func (s *Stats) Refused() iter.Seq2[string, uint64] {
	return func(yield func(string, uint64) bool) {
		for _, reason := range Errors() {
			if !yield(reason.Reason, s.rejected[reason].Load()) {
				return
			}
		}
	}
}
