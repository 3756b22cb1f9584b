package main

import (
	"maps"
	"sync"
	"sync/atomic"

	"chatnode/ops/loadtest/latency"
	"chatnode/ops/loadtest/order"
)

// A tally is everything that is counted in a run beside the ledger.
type tally struct {
	ack      latency.Recorder // from when a message was due to its ack
	delivery latency.Recorder // from when it was due until a reader had it, slow readers apart
	joining  latency.Recorder // from the beginning of a connection until it had joined

	open       atomic.Int64 // connections that are joined
	ready      atomic.Int64 // connections that have ever joined
	ended      atomic.Int64 // connections that may not come back
	reconnects atomic.Uint64
	recovered  atomic.Uint64 // of them, those that resumed where they were
	reloads    atomic.Uint64 // histories taken in the place of what was missed
	slowReads  atomic.Uint64 // messages that slow readers got
	retries    atomic.Uint64 // messages sent again
	duplicates atomic.Uint64 // acks that say so
	throttled  atomic.Uint64
	malformed  atomic.Uint64
	lag        atomic.Int64 // how late a message was sent at most, ns
	verdicts   [order.Back + 1]atomic.Uint64

	mu     sync.Mutex
	events map[string]uint64 // refusals, error codes and close codes
}

// maxEvents bounds the different things that can be counted by name.
const maxEvents = 64

// event counts something rare by name.
func (t *tally) event(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.events == nil {
		t.events = map[string]uint64{}
	}
	if _, known := t.events[name]; !known && len(t.events) >= maxEvents {
		name = "other"
	}
	t.events[name]++
}

// byName is what was counted by name.
func (t *tally) byName() map[string]uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.events)
}

// verdict counts what an order tracker says.
func (t *tally) verdict(v order.Verdict) {
	if v != order.Next {
		t.verdicts[v].Add(1)
	}
}

func (t *tally) count(v order.Verdict) uint64 { return t.verdicts[v].Load() }

// doubled is how often a reader was shown a place again.
func (t *tally) doubled() uint64 { return t.count(order.Repeat) }

// disorder is how often a reader was shown a place too early or too late.
func (t *tally) disorder() uint64 {
	return t.count(order.Late) + t.count(order.Early) + t.count(order.Back)
}
