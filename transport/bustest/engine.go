package bustest

import (
	"testing"
	"time"

	"chatnode/actors/chat"
)

// Engine is the tested bus of one node. Its storage is empty at the beginning of a row.
type Engine struct {
	Appender   chat.Appender
	Reader     chat.Reader
	Subscriber chat.Subscriber // not open; the suite calls Open
	Presence   chat.PresenceStore
	Close      func() // closes the engine but keeps its storage for Reopen; may be called more than once
	Options
}

// Options describe the configuration of an Engine.
type Options struct {
	// HistorySize is the minimum number of retained entries per room. It must be at least 100; greater values make the
	// suite slower.
	HistorySize int
	// Lease is the lifetime of presence without renewal, at least 500 ms. It should be at most 2 s if AdvanceClock is
	// nil.
	Lease time.Duration
	// AdvanceClock advances the clock of the engine. If it is nil, the suite waits in real time.
	AdvanceClock func(d time.Duration)
	// FinishBackground completes the background work of the engine (checkpoint, trimming); nil: there is none.
	FinishBackground func()
	// Reopen opens a new Engine on the same storage. The suite calls it after Close.
	Reopen func(t *testing.T) Engine
}

// minHistory is the minimum of HistorySize, because rows write up to this number of entries.
const minHistory = 100

// row is one invariant with its test.
type row struct {
	name string
	run  func(t *testing.T, r *rig)
}

// Run runs every row as a subtest on a new engine. open must register its cleanup with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) Engine) {
	t.Helper()
	for _, group := range [][]row{
		orderRows, idempotencyRows, rightsRows, foldingRows, rangeRows, deliveryRows, presenceRows, propertyRows,
	} {
		for _, row := range group {
			t.Run(row.name, func(t *testing.T) {
				e := open(t)
				if e.HistorySize < minHistory || e.Lease <= 0 || e.Reopen == nil {
					t.Fatalf("options %+v: need HistorySize >= %d, Lease and Reopen", e.Options, minHistory)
				}
				row.run(t, newRig(t, e))
			})
		}
	}
}
