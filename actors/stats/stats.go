package stats

import (
	"sync/atomic"
	"time"
)

// Stats are the figures of one node's actors, besides those of each kind (System.Kinds). All only
// grow unless they say otherwise.
type Stats struct {
	Writes WriteStats
	Chat   ChatStats
	Bus    BusStats
	Link   LinkStats

	Journal JournalStats
}

// WriteStats are the writers' figures.
type WriteStats struct {
	Passes        atomic.Uint64 // room passes
	Writes        atomic.Uint64 // writes to sockets
	Bytes         atomic.Uint64 // bytes given to sockets or outboxes
	Slowed        atomic.Uint64 // times that a socket was full and its client got an outbox
	SlowConsumers atomic.Uint64 // clients cut with 1013
	FanOut        Histogram     // from a room's first broadcast of a pass to the pass's last write, once a pass
}

// ChatStats are the sessions' and rooms' figures.
type ChatStats struct {
	Sessions   atomic.Int64 // connected now
	Rooms      atomic.Int64 // in memory now
	Received   atomic.Uint64
	Acked      atomic.Uint64
	Duplicates atomic.Uint64 // acks of a retry
	Throttled  atomic.Uint64
	Errors     atomic.Uint64 // error frames
	Shown      atomic.Uint64 // entries fanned out
	Gaps       atomic.Uint64 // holes in a room's order that were noticed
	Resyncs    atomic.Uint64 // times that a room had to tell its members to reload
	Doubles    atomic.Uint64 // deliveries dropped because they were shown before
	Delivery   Histogram     // from a room taking a write to the room showing it; one write of a room at a time
}

// BusStats are the figures of the link to the other nodes.
type BusStats struct {
	Published       atomic.Uint64 // appends and signals
	Received        atomic.Uint64 // events heard
	PublishFailures atomic.Uint64
	Batches         atomic.Uint64 // append batches
	Unrouted        atomic.Uint64 // events for rooms that nobody here is in
	Appended        atomic.Uint64 // writes that the log has settled
	AppendFailures  atomic.Uint64 // writes whose append failed; some may be stored nevertheless
	Append          Histogram     // one call of the log, once a batch
	Recent          Latency       // the newest of those
	Reappended      atomic.Uint64 // acknowledged writes that the log had lost
}

// ObserveAppend counts one call of the log. Only bridge_out calls it.
func (b *BusStats) ObserveAppend(d time.Duration) {
	b.Batches.Add(1)
	b.Append.Observe(d)
	b.Recent.Observe(d)
}

// JournalStats are the journal's figures.
type JournalStats struct {
	Writes   atomic.Int64 // held now
	Bytes    atomic.Int64 // held now
	Appended atomic.Uint64
	Replayed atomic.Uint64
	Failed   atomic.Uint64 // writes that it could not take
}
