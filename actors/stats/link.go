package stats

import (
	"sync/atomic"
	"time"
)

// LinkStats are what the probes have measured, over the last minute of them.
type LinkStats struct {
	sum         atomic.Int64 // ns
	max         atomic.Int64 // ns
	count       atomic.Int64
	Probes      atomic.Uint64 // that came back
	lastProbeAt atomic.Pointer[time.Time]
	samples     [60]time.Duration
}

// Observe adds the round trip of one probe. Only the bridge calls it.
func (l *LinkStats) Observe(d time.Duration) {
	now := time.Now()
	l.lastProbeAt.Store(&now)
	n := int(l.Probes.Add(1)-1) % len(l.samples)
	l.samples[n] = d
	var sum, top time.Duration
	count := min(int(l.Probes.Load()), len(l.samples))
	for _, s := range l.samples[:count] {
		sum += s
		top = max(top, s)
	}
	l.sum.Store(int64(sum))
	l.max.Store(int64(top))
	l.count.Store(int64(count))
}

// ProbeLatency is the mean and the longest time that this node's own probes took through Redis and back,
// over the last 60 of them; zero before the first.
func (l *LinkStats) ProbeLatency() (mean, longest time.Duration) {
	if n := l.count.Load(); n > 0 {
		mean = time.Duration(l.sum.Load() / n)
	}
	return mean, time.Duration(l.max.Load())
}

// LastProbeAt is when the last probe came back, and with it the proof that this node hears what is
// published; the zero time before the first.
func (l *LinkStats) LastProbeAt() time.Time {
	if at := l.lastProbeAt.Load(); at != nil {
		return *at
	}
	return time.Time{}
}
