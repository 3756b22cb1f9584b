package main

import (
	"maps"
	"sync"
	"sync/atomic"

	"chatnode/ops/loadtest/latency"
	"chatnode/ops/loadtest/order"
)

// counters are the counts of a run that are not in the ledger.
type counters struct {
	ack      latency.Recorder // from when a message was due to its ack
	delivery latency.Recorder // from when a message was due to a reader that is not slow
	joining  latency.Recorder // from the start of a connection to its join

	open       atomic.Int64 // connections that are joined now
	ready      atomic.Int64 // connections that were joined at least once
	ended      atomic.Int64 // connections that must not be made again
	reconnects atomic.Uint64
	recovered  atomic.Uint64 // reconnects that resumed
	reloads    atomic.Uint64 // histories loaded instead of missed entries
	slowReads  atomic.Uint64 // messages shown to slow readers
	retries    atomic.Uint64 // messages sent again
	duplicates atomic.Uint64 // acks with duplicate
	throttled  atomic.Uint64
	malformed  atomic.Uint64
	lag        atomic.Int64 // ns; the largest delay of a message after it was due
	verdicts   [order.Back + 1]atomic.Uint64

	mu     sync.Mutex
	events map[string]uint64 // refusals, error codes and close codes
}

// maxEvents limits the number of distinct events.
const maxEvents = 64

// event counts a rare event.
func (t *counters) event(name string) {
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

// byName returns the counts of the events.
func (t *counters) byName() map[string]uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.events)
}

// verdict counts a result of an order tracker.
func (t *counters) verdict(v order.Verdict) {
	if v != order.Next {
		t.verdicts[v].Add(1)
	}
}

func (t *counters) count(v order.Verdict) uint64 { return t.verdicts[v].Load() }

// doubled returns how often a reader was shown an entry again.
func (t *counters) doubled() uint64 { return t.count(order.Repeat) }

// disorder returns how often a reader was shown an entry too early or too late.
func (t *counters) disorder() uint64 {
	return t.count(order.Late) + t.count(order.Early) + t.count(order.Back)
}
