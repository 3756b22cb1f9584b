package ws

import "sync/atomic"

// Stats are the counters of a Server. All reasons have a counter from the start, so that metrics can export zeros.
type Stats struct {
	Accepted atomic.Uint64              // connections upgraded and admitted
	Refused  [numRefusals]atomic.Uint64 // requests that were not upgraded, by Refusal
	Ended    [numCauses]atomic.Uint64   // connections whose reader ended, by CloseCause
	Panics   atomic.Uint64              // recovered panics of readers
	BytesIn  atomic.Uint64              // bytes read from upgraded connections, with frame headers
	FramesIn atomic.Uint64              // complete messages, pings and pongs
}
