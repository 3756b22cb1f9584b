package main

import (
	"context"
	"time"
)

// lookEvery is how often a phase looks whether it is over.
const lookEvery = 20 * time.Millisecond

// until waits for ok, at most as long as limit and until ctx ends.
func until(ctx context.Context, limit time.Duration, ok func() bool) {
	deadline := time.Now().Add(limit)
	for !ok() && time.Now().Before(deadline) && ctx.Err() == nil {
		pause(ctx.Done(), lookEvery)
	}
}

// drained says that every message has its answer, and every reader all of its room.
func (f *fleet) drained() bool {
	if f.ledger.Open() > 0 {
		return false
	}
	for _, c := range f.clients {
		if !c.slow && !c.ended.Load() && !c.caughtUp() {
			return false
		}
	}
	return true
}

// wakeFor is how long silent clients have to read what their connections hold, and how these have ended.
const wakeFor = 5 * time.Second

// silence waits until the silent are woken.
func (f *fleet) silence(done <-chan struct{}) {
	select {
	case <-f.waking:
	case <-done:
	}
}

// wake makes the silent clients read, once the run has been judged: so they see the code that a node has
// closed with, unless it is gone for so long that the close frame is too.
func (f *fleet) wake(ctx context.Context) {
	close(f.waking)
	until(ctx, wakeFor, func() bool {
		for _, c := range f.clients {
			if c.silent && !c.ended.Load() && !c.caughtUp() {
				return false
			}
		}
		return true
	})
}

// A shortfall is what readers were not shown.
type shortfall struct {
	missed  uint64 // places passed over, and never shown
	behind  uint64 // places that connected readers were still waiting for at the end
	unknown int    // readers that were not connected at the end and had not been shown everything
}

// shortfall sums up all readers. What slow ones have not got to is not counted: nobody waits for them.
func (f *fleet) shortfall() shortfall {
	var s shortfall
	for _, c := range f.clients {
		s.missed += c.missed.Load()
		switch {
		case c.slow || c.ended.Load() || c.caughtUp():
		case c.isJoined():
			s.behind += c.behind()
		default:
			s.unknown++
		}
	}
	return s
}
