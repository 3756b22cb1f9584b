package latency

import (
	"math"
	"time"
)

// Counts is the content of a Recorder at one time.
type Counts struct {
	n     [buckets]uint64
	total uint64
	max   uint64 // us
}

// Total returns the number of durations.
func (c *Counts) Total() uint64 { return c.total }

// Max returns the longest duration, exact to the microsecond.
func (c *Counts) Max() time.Duration { return time.Duration(c.max) * time.Microsecond }

// Since returns the durations counted after old, an earlier state of the same Recorder. Its Max covers all durations.
func (c *Counts) Since(old *Counts) *Counts {
	d := &Counts{max: c.max}
	for i := range c.n {
		d.n[i] = c.n[i] - old.n[i]
		d.total += d.n[i]
	}
	return d
}

// Quantile returns the duration that a share q (0 to 1) of all durations do not exceed: the nearest rank, within 1/128
// and a microsecond. It returns 0 if nothing was counted.
func (c *Counts) Quantile(q float64) time.Duration {
	rank := max(1, uint64(math.Ceil(q*float64(c.total))))
	var below uint64
	for i, n := range c.n {
		if below += n; below >= rank && n > 0 {
			return time.Duration(min(middle(i), c.max)) * time.Microsecond
		}
	}
	return 0
}
