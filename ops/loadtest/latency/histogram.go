package latency

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Buckets hold whole microseconds. Below 2^(subBits+1) each value has its own; above, an octave has
// 2^subBits of them, so a bucket is at most 1/64 as wide as the values in it.
const (
	subBits = 6
	sub     = 1 << subBits
	octaves = 31 // up to 2^37 us, a day and a half; what is longer counts as that
	buckets = (octaves + 1) * sub
	longest = 1<<(octaves+subBits) - 1
)

// A Histogram counts durations. It may be used from any number of goroutines; the zero value is empty.
type Histogram struct {
	n   [buckets]atomic.Uint64
	max atomic.Uint64 // us
}

// Record counts d. What is negative counts as 0.
func (h *Histogram) Record(d time.Duration) {
	us := uint64(max(d, 0) / time.Microsecond)
	h.n[bucket(us)].Add(1)
	for old := h.max.Load(); us > old && !h.max.CompareAndSwap(old, us); old = h.max.Load() {
	}
}

// addTo adds what is counted to c.
func (h *Histogram) addTo(c *Counts) {
	for i := range h.n {
		n := h.n[i].Load()
		c.n[i] += n
		c.total += n
	}
	c.max = max(c.max, h.max.Load())
}

// bucket is the index of the bucket of us.
func bucket(us uint64) int {
	us = min(us, longest)
	octave := max(0, bits.Len64(us)-subBits-1)
	return octave<<subBits + int(us>>octave)
}

// middle is the value that stands for bucket i, in us.
func middle(i int) uint64 {
	octave := max(0, i>>subBits-1)
	low := uint64(i-octave<<subBits) << octave
	return low + (uint64(1)<<octave)/2
}
