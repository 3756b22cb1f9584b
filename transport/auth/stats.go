package auth

import (
	"errors"
	"iter"
	"sync/atomic"
)

// Stats count who was refused, by reason. Every reason has its own counter, so that all of them
// show at zero.
type Stats struct {
	refused map[*Error]*atomic.Uint64 // fixed at construction
}

func newStats() *Stats {
	s := &Stats{refused: map[*Error]*atomic.Uint64{}}
	for _, reason := range Errors() {
		s.refused[reason] = &atomic.Uint64{}
	}
	return s
}

// note counts an error of this package, and returns err as it is.
func (s *Stats) note(err error) error {
	if reason, ok := errors.AsType[*Error](err); ok && s.refused[reason] != nil {
		s.refused[reason].Add(1)
	}
	return err
}

// Refused yields every reason, such as "expired", and how often it was the answer.
func (s *Stats) Refused() iter.Seq2[string, uint64] {
	return func(yield func(string, uint64) bool) {
		for _, reason := range Errors() {
			if !yield(reason.Reason, s.refused[reason].Load()) {
				return
			}
		}
	}
}
