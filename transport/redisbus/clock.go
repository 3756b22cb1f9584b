package redisbus

import (
	"sync/atomic"
	"time"
)

// clock estimates the time of Redis from the monotonic clock of the node. Every reply that contains a time updates the
// estimate. The estimate is late by the travel time of one reply. It is ahead of Redis only if the clock of Redis was
// set back after that reply. The masters of a Cluster have separate clocks; the estimate follows the last reply.
type clock struct {
	start  time.Time
	offset atomic.Int64 // ms from start to the time of Redis; 0: unknown
}

func newClock() *clock { return &clock{start: time.Now()} }

// observe sets the estimate to ms, the time in a reply that was just received.
func (c *clock) observe(ms int64) { c.offset.Store(ms - c.elapsed()) }

// after returns the estimated time of Redis, in ms, that is ms after now; 0: unknown.
func (c *clock) after(ms int64) int64 {
	offset := c.offset.Load()
	if offset == 0 {
		return 0
	}
	return offset + c.elapsed() + ms
}

func (c *clock) elapsed() int64 { return time.Since(c.start).Milliseconds() }
