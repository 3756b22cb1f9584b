package redisbus

import (
	"sync/atomic"
	"time"
)

// A clock is what a node knows of Redis's time: how far it is from the node's own monotonic clock. Each
// reply that brings a time teaches it. A reply is read after its time was taken, so what the clock says is
// behind Redis's time, by the way of one reply; it is ahead of it only where Redis's clock has been set
// back since. In a Cluster, whose masters have clocks of their own, it is that of the last one heard.
type clock struct {
	start  time.Time
	offset atomic.Int64 // ms from start to Redis's time; 0: nothing was heard yet
}

func newClock() *clock { return &clock{start: time.Now()} }

// observe takes in the ms of a reply that has just come.
func (c *clock) observe(ms int64) { c.offset.Store(ms - c.elapsed()) }

// after is Redis's time in so many ms from now; 0: unknown.
func (c *clock) after(ms int64) int64 {
	offset := c.offset.Load()
	if offset == 0 {
		return 0
	}
	return offset + c.elapsed() + ms
}

func (c *clock) elapsed() int64 { return time.Since(c.start).Milliseconds() }
