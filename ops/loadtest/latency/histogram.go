package latency

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// Buckets count whole microseconds. Each value below 2^(subBits+1) has its own bucket. Above, each octave has 2^subBits
// buckets, so a bucket is at most 1/64 as wide as its values.
const (
	subBits = 6
	sub     = 1 << subBits
	octaves = 31 // up to 2^37 us, 38 hours; longer durations count as that
	buckets = (octaves + 1) * sub
	longest = 1<<(octaves+subBits) - 1
)

// Histogram counts durations. It is safe for concurrent use. The zero value is empty.
type Histogram struct {
	n   [buckets]atomic.Uint64
	max atomic.Uint64 // us
}

// Record counts d. A negative d counts as 0.
func (h *Histogram) Record(d time.Duration) {
	us := uint64(max(d, 0) / time.Microsecond)
	h.n[bucket(us)].Add(1)
	for old := h.max.Load(); us > old && !h.max.CompareAndSwap(old, us); old = h.max.Load() {
	}
}

func (h *Histogram) addTo(c *Counts) {
	for i := range h.n {
		n := h.n[i].Load()
		c.n[i] += n
		c.total += n
	}
	c.max = max(c.max, h.max.Load())
}

// bucket returns the index of the bucket of us.
func bucket(us uint64) int {
	us = min(us, longest)
	octave := max(0, bits.Len64(us)-subBits-1)
	return octave<<subBits + int(us>>octave)
}

// middle returns the value that represents bucket i, in us.
func middle(i int) uint64 {
	octave := max(0, i>>subBits-1)
	low := uint64(i-octave<<subBits) << octave
	return low + (uint64(1)<<octave)/2
}
