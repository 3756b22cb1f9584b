package stats

import (
	"sync/atomic"
	"time"
)

// probeSamples is the number of probes that ProbeLatency covers; one minute at one probe per second.
const probeSamples = 60

// LinkStats are the round-trip times of the probes. One goroutine calls Observe, any goroutine may read.
type LinkStats struct {
	sum         atomic.Int64 // ns
	max         atomic.Int64 // ns
	count       atomic.Int64 // samples in sum
	lastProbeAt atomic.Pointer[time.Time]
	samples     [probeSamples]time.Duration
	probes      int // received
}

// Observe records the round-trip time of a probe that was received now.
func (l *LinkStats) Observe(d time.Duration) {
	now := time.Now()
	l.lastProbeAt.Store(&now)
	l.samples[l.probes%probeSamples] = d
	l.probes++
	var sum, longest time.Duration
	count := min(l.probes, probeSamples)
	for _, s := range l.samples[:count] {
		sum += s
		longest = max(longest, s)
	}
	l.sum.Store(int64(sum))
	l.max.Store(int64(longest))
	l.count.Store(int64(count))
}

// ProbeLatency returns the mean and the maximum round-trip time of the last 60 probes through Redis; zero before the
// first probe.
func (l *LinkStats) ProbeLatency() (mean, longest time.Duration) {
	if n := l.count.Load(); n > 0 {
		mean = time.Duration(l.sum.Load() / n)
	}
	return mean, time.Duration(l.max.Load())
}

// LastProbeAt returns the time when the last probe was received; the zero time before the first. A received probe
// proves that Redis delivers messages to this node.
func (l *LinkStats) LastProbeAt() time.Time {
	if at := l.lastProbeAt.Load(); at != nil {
		return *at
	}
	return time.Time{}
}
