package stats

import (
	"sync/atomic"
	"time"
)

// latencySamples is the number of observations that a Latency covers.
const latencySamples = 64

// Latency is the mean and the maximum of the last 64 observed durations. One goroutine calls Observe, any goroutine
// may read.
type Latency struct {
	mean    atomic.Int64 // ns
	longest atomic.Int64 // ns
	samples [latencySamples]time.Duration
	count   int // of all observations
}

// Observe records a duration.
func (l *Latency) Observe(d time.Duration) {
	l.samples[l.count%latencySamples] = d
	l.count++
	recent := l.samples[:min(l.count, latencySamples)]
	var sum, longest time.Duration
	for _, s := range recent {
		sum += s
		longest = max(longest, s)
	}
	l.mean.Store(int64(sum) / int64(len(recent)))
	l.longest.Store(int64(longest))
}

// Recent returns the mean and the maximum; zero before the first observation.
func (l *Latency) Recent() (mean, longest time.Duration) {
	return time.Duration(l.mean.Load()), time.Duration(l.longest.Load())
}
