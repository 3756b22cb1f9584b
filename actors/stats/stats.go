package stats

import (
	"sync/atomic"
	"time"
)

// Stats are the statistics of the actors of one node. Values are counters that only grow, unless they are marked as a
// gauge.
type Stats struct {
	Writes  WriteStats
	Chat    ChatStats
	Bus     BusStats
	Link    LinkStats
	Journal JournalStats
}

// WriteStats are updated by the writers.
type WriteStats struct {
	Passes        atomic.Uint64 // passes over the members of a room
	Writes        atomic.Uint64 // writes to sockets
	Bytes         atomic.Uint64 // bytes written to sockets or outboxes
	Slowed        atomic.Uint64 // outboxes opened because a socket was full
	SlowConsumers atomic.Uint64 // clients disconnected with 1013
	FanOut        Histogram     // per pass: from the first broadcast of a room to the last write
}

// ChatStats are updated by the sessions and the rooms.
type ChatStats struct {
	Sessions            atomic.Int64  // gauge: connected sessions
	Rooms               atomic.Int64  // gauge: rooms in memory
	Received            atomic.Uint64 // commands
	Acked               atomic.Uint64 // acknowledged writes
	Duplicates          atomic.Uint64 // acknowledged retries of stored writes
	Throttled           atomic.Uint64 // commands rejected by a rate limit
	Errors              atomic.Uint64 // error frames
	Delivered           atomic.Uint64 // entries sent to the members of a room
	Gaps                atomic.Uint64 // gaps detected in the seqs of a room
	Resyncs             atomic.Uint64 // resync frames sent to the members of a room
	DuplicateDeliveries atomic.Uint64 // deliveries dropped because the entry was already sent
	Delivery            Histogram     // from the receipt of a write by its room to its delivery; samples one write per room
}

// BusStats are updated by the link, the dispatcher and the publisher.
type BusStats struct {
	Published       atomic.Uint64 // appended writes and published signals
	Received        atomic.Uint64 // events received
	PublishFailures atomic.Uint64 // writes and signals whose call failed
	Batches         atomic.Uint64 // calls of Append
	Unrouted        atomic.Uint64 // events for rooms that are not in memory
	Appended        atomic.Uint64 // writes with a receipt
	AppendFailures  atomic.Uint64 // writes whose append failed; the log may still contain them
	Append          Histogram     // duration of a call of Append
	RecentAppends   Latency       // duration of the last calls of Append
	Reappended      atomic.Uint64 // acknowledged writes that the log had lost
}

// ObserveAppend records one call of Append. Only the publisher calls it.
func (b *BusStats) ObserveAppend(d time.Duration) {
	b.Batches.Add(1)
	b.Append.Observe(d)
	b.RecentAppends.Observe(d)
}

// JournalStats are updated by the journal.
type JournalStats struct {
	Writes   atomic.Int64  // gauge: writes in the journal
	Bytes    atomic.Int64  // gauge: bytes in the journal
	Appended atomic.Uint64 // writes stored
	Replayed atomic.Uint64 // writes replayed to the log
	Failed   atomic.Uint64 // writes that could not be stored
}
