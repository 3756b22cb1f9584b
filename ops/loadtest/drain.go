package main

import (
	"context"
	"time"
)

// pollInterval is how often a phase checks whether it is complete.
const pollInterval = 20 * time.Millisecond

// until waits for ok, at most for limit and until ctx ends.
func until(ctx context.Context, limit time.Duration, ok func() bool) {
	deadline := time.Now().Add(limit)
	for !ok() && time.Now().Before(deadline) && ctx.Err() == nil {
		pause(ctx.Done(), pollInterval)
	}
}

// isDrained reports whether each message has a result and each reader all entries of its room.
func (f *clientPool) isDrained() bool {
	if f.ledger.Open() > 0 {
		return false
	}
	for _, c := range f.clients {
		if !c.slow && !c.ended.Load() && !c.isCaughtUp() {
			return false
		}
	}
	return true
}

// wakeLead is how long silent clients can read the rest of their connections, up to the close frame.
const wakeLead = 5 * time.Second

// silence waits until silent clients may read again.
func (f *clientPool) silence(done <-chan struct{}) {
	select {
	case <-f.waking:
	case <-done:
	}
}

// wake lets silent clients read, after the run has been judged. They receive the close code of the node, unless the
// close frame is lost because the node disconnected them long ago.
func (f *clientPool) wake(ctx context.Context) {
	close(f.waking)
	until(ctx, wakeLead, func() bool {
		for _, c := range f.clients {
			if c.silent && !c.ended.Load() && !c.isCaughtUp() {
				return false
			}
		}
		return true
	})
}

// shortfall is what readers were not shown.
type shortfall struct {
	missed  uint64 // entries that were skipped and never shown
	behind  uint64 // entries that connected readers did not have at the end
	unknown int    // readers without a connection at the end that did not have all entries
}

// countShortfall adds up all readers. It ignores entries that slow readers have not read.
func (f *clientPool) countShortfall() shortfall {
	var s shortfall
	for _, c := range f.clients {
		s.missed += c.missed.Load()
		switch {
		case c.slow || c.ended.Load() || c.isCaughtUp():
		case c.isJoined():
			s.behind += c.behind()
		default:
			s.unknown++
		}
	}
	return s
}
