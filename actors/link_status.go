package actors

import (
	"sync/atomic"
	"time"

	"chatnode/actors/wire"
)

// What a degraded node does without, in the words that clients, /health, /metrics and the log share.
var degradedEffects = []string{
	"messages are kept in this node's journal, shown to its own members at once, and to all others when Redis is back",
	"messages of other nodes arrive when Redis is back",
	"presence counts this node's users only",
}

// linkHealth is the state of the link as everybody may read it.
type linkHealth struct {
	status    atomic.Pointer[wire.Status]
	fault     atomic.Pointer[wire.Status] // of the log, on a node without Redis; nil: it never had one
	lastHeard atomic.Int64                // ns after began when the subscriber last brought anything
	born      time.Time
	began     time.Time // of the monotonic clock that probes are timed with
}

func newLinkHealth() *linkHealth {
	now := time.Now()
	return &linkHealth{born: now, began: now}
}

// noteLink publishes the link's state for those who ask, and returns it in words.
func (c *linkHealth) noteLink(s *linkState) *wire.Status {
	status := &wire.Status{Since: s.since.UnixMilli()}
	if s.mode != linkHealthy {
		status.Degraded, status.Cause, status.Effects = true, s.cause, degradedEffects
	}
	c.status.Store(status)
	return status
}

// Status is the state of the link, or of the log where there is none, in words. A node that is still connecting is
// not degraded yet.
func (c *linkHealth) Status() *wire.Status {
	if s := c.fault.Load(); s != nil {
		return s
	}
	if s := c.status.Load(); s != nil {
		return s
	}
	return &wire.Status{Since: c.born.UnixMilli()}
}

// degraded reports whether the link is lost. A log that takes no writes can be read all the same.
func (c *linkHealth) degraded() bool {
	s := c.status.Load()
	return s != nil && s.Degraded
}

// Connecting reports whether the node has not made up its mind yet: it neither has what it needs nor
// goes on without it.
func (c *linkHealth) Connecting() bool { return c.status.Load() == nil }

// apart reports whether the log cannot be relied on now.
func (c *linkHealth) apart() bool { return c.Connecting() || c.degraded() }

// LinkStats are what the probes have measured, over the last minute of them.
type LinkStats struct {
	sum     atomic.Int64 // ns
	max     atomic.Int64 // ns
	count   atomic.Int64
	Probes  atomic.Uint64 // that came back
	proven  atomic.Pointer[time.Time]
	samples [60]time.Duration
}

// heard adds the round trip of one probe. Only the bridge calls it.
func (l *LinkStats) heard(d time.Duration) {
	now := time.Now()
	l.proven.Store(&now)
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

// Latency is the mean and the longest time that this node's own probes took through Redis and back,
// over the last 60 of them; zero before the first.
func (l *LinkStats) Latency() (mean, longest time.Duration) {
	if n := l.count.Load(); n > 0 {
		mean = time.Duration(l.sum.Load() / n)
	}
	return mean, time.Duration(l.max.Load())
}

// Proven is when the last probe came back, and with it the proof that this node hears what is
// published; the zero time before the first.
func (l *LinkStats) Proven() time.Time {
	if at := l.proven.Load(); at != nil {
		return *at
	}
	return time.Time{}
}
