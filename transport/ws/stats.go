package ws

import "sync/atomic"

// Stats are the edge's counters since its start. Every reason has its own, so that all of them show
// at zero.
type Stats struct {
	Accepted atomic.Uint64           // connections upgraded and admitted
	Refused  [refusals]atomic.Uint64 // requests not upgraded, by Refusal
	Ended    [endings]atomic.Uint64  // connections whose read loop ended, by Ending
	Panics   atomic.Uint64           // panics of ours that were caught in a read loop
	BytesIn  atomic.Uint64           // read from upgraded connections, headers of frames included
	FramesIn atomic.Uint64           // messages (whole ones, where they came in fragments), pings and pongs
}
