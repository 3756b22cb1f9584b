package stats

import (
	"sync/atomic"
	"time"
)

// latencyBounds are the inclusive upper bounds of the buckets, from a write to memory to a call that times out.
var latencyBounds = [...]time.Duration{
	50 * time.Microsecond, 100 * time.Microsecond, 250 * time.Microsecond, 500 * time.Microsecond,
	time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond,
	25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second,
}

// Histogram counts durations in fixed buckets. Any goroutine may call its methods. It has no lock, so Read may return
// an observation in a bucket that is not yet in the sum.
type Histogram struct {
	buckets [len(latencyBounds) + 1]atomic.Uint64 // the last bucket has no bound
	sum     atomic.Int64                          // ns
}

// Observe records a duration.
func (h *Histogram) Observe(d time.Duration) {
	i := 0
	for i < len(latencyBounds) && d > latencyBounds[i] {
		i++
	}
	h.buckets[i].Add(1)
	h.sum.Add(int64(d))
}

// Read returns the number of observations, their sum, and for each bound the number of observations up to it.
func (h *Histogram) Read() (count uint64, sum time.Duration, within map[time.Duration]uint64) {
	within = make(map[time.Duration]uint64, len(latencyBounds))
	sum = time.Duration(h.sum.Load())
	for i, bound := range latencyBounds {
		count += h.buckets[i].Load()
		within[bound] = count
	}
	return count + h.buckets[len(latencyBounds)].Load(), sum, within
}
