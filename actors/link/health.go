package link

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

// Health is the state of the link as everybody may read it.
type Health struct {
	Current   atomic.Pointer[wire.Status]
	fault     atomic.Pointer[wire.Status] // of the log, on a node without Redis; nil: it never had one
	lastHeard atomic.Int64                // ns after began when the subscriber last brought anything
	born      time.Time
	began     time.Time // of the monotonic clock that probes are timed with
}

func NewHealth() *Health {
	now := time.Now()
	return &Health{born: now, began: now}
}

// noteLink publishes the link's state for those who ask, and returns it in words.
func (c *Health) noteLink(s *LinkState) *wire.Status {
	status := &wire.Status{Since: s.since.UnixMilli()}
	if s.Mode != linkHealthy {
		status.Degraded, status.Cause, status.Effects = true, s.cause, degradedEffects
	}
	c.Current.Store(status)
	return status
}

// Status is the state of the link, or of the log where there is none, in words. A node that is still connecting is
// not degraded yet.
func (c *Health) Status() *wire.Status {
	if s := c.fault.Load(); s != nil {
		return s
	}
	if s := c.Current.Load(); s != nil {
		return s
	}
	return &wire.Status{Since: c.born.UnixMilli()}
}

// Degraded reports whether the link is lost. A log that takes no writes can be read all the same.
func (c *Health) Degraded() bool {
	s := c.Current.Load()
	return s != nil && s.Degraded
}

// Connecting reports whether the node has not made up its mind yet: it neither has what it needs nor
// goes on without it.
func (c *Health) Connecting() bool { return c.Current.Load() == nil }

// Apart reports whether the log cannot be relied on now.
func (c *Health) Apart() bool { return c.Connecting() || c.Degraded() }
