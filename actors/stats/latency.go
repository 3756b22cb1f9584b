package stats

import (
	"sync/atomic"
	"time"
)

// recentLatencies is how many observations a Latency looks back on.
const recentLatencies = 64

// A Latency is the mean and the longest of the last 64 durations that were observed. One goroutine
// observes, any may read.
type Latency struct {
	mean    atomic.Int64 // ns
	longest atomic.Int64 // ns
	samples [recentLatencies]time.Duration
	seen    int
}

// Observe adds one duration.
func (l *Latency) Observe(d time.Duration) {
	l.samples[l.seen%recentLatencies] = d
	l.seen++
	recent := l.samples[:min(l.seen, recentLatencies)]
	var sum, longest time.Duration
	for _, s := range recent {
		sum += s
		longest = max(longest, s)
	}
	l.mean.Store(int64(sum) / int64(len(recent)))
	l.longest.Store(int64(longest))
}

// Recent returns the mean and the longest; zero before the first observation.
func (l *Latency) Recent() (mean, longest time.Duration) {
	return time.Duration(l.mean.Load()), time.Duration(l.longest.Load())
}
