package latency

import (
	"math"
	"time"
)

// Counts are the contents of a Recorder at one moment.
type Counts struct {
	n     [buckets]uint64
	total uint64
	max   uint64 // us
}

// Total is how many durations were counted.
func (c *Counts) Total() uint64 { return c.total }

// Max is the longest of them, exact to the microsecond.
func (c *Counts) Max() time.Duration { return time.Duration(c.max) * time.Microsecond }

// Since is what was counted after old, which is an earlier state of the same Recorder. Its Max is
// that of all times.
func (c *Counts) Since(old *Counts) *Counts {
	d := &Counts{max: c.max}
	for i := range c.n {
		d.n[i] = c.n[i] - old.n[i]
		d.total += d.n[i]
	}
	return d
}

// Quantile is the duration that a share q of 0 to 1 of all do not exceed (the nearest rank), within
// 1/128 of its value and a microsecond; 0 where nothing was counted.
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
