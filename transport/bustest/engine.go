package bustest

import (
	"testing"
	"time"

	"chatnode/actors/chat"
)

// An Engine is one node's side of a bus, opened on a store that was empty when the row began.
type Engine struct {
	Appender   chat.Appender
	Reader     chat.Reader
	Subscriber chat.Subscriber // not opened yet: the suite calls Open
	Presence   chat.PresenceStore
	Close      func() // ends the engine; its store stays for Reopen; may be called more than once
	Options
}

// Options tell the suite how the engine was set up.
type Options struct {
	// HistorySize is how many entries a room keeps at least. Choose 100; the suite needs at least that.
	HistorySize int
	// Lease is how long a present user stays without being renewed. Choose at most 2 s where
	// Advance is nil, and not less than 500 ms.
	Lease time.Duration
	// Advance moves the engine's clock; nil where nobody can, and the suite lets time pass.
	Advance func(d time.Duration)
	// Settle completes what the engine does in the background (checkpoint, trimming); nil: nothing to do.
	Settle func()
	// Reopen opens a second Engine on the same store. The suite calls it after Close.
	Reopen func(t *testing.T) Engine
}

// minHistory is the smallest HistorySize that the rows fit in.
const minHistory = 100

type row struct {
	name string
	run  func(t *testing.T, r *rig)
}

// Run runs every row as a subtest, each on an engine of its own. open registers its own clean-up
// with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) Engine) {
	t.Helper()
	for _, group := range [][]row{orderRows, idempotencyRows, rightsRows, foldingRows, rangeRows, deliveryRows, presenceRows, propertyRows} {
		for _, row := range group {
			t.Run(row.name, func(t *testing.T) {
				e := open(t)
				if e.HistorySize < minHistory || e.Lease <= 0 || e.Reopen == nil {
					t.Fatalf("the engine's Options %+v: HistorySize must be at least %d, Lease and Reopen be set", e.Options, minHistory)
				}
				row.run(t, newRig(t, e))
			})
		}
	}
}
