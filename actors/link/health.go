package link

import (
	"sync/atomic"
	"time"

	"chatnode/actors/wire"
)

// Health is the announced state of the link, and of the log on a standalone node. Any goroutine may read it.
type Health struct {
	linkStatus  atomic.Pointer[wire.Status] // nil before the first announcement
	logStatus   atomic.Pointer[wire.Status] // log of a standalone node; nil: it has never failed
	lastEventAt atomic.Int64                // ns after startedAt, of the last event of the subscriber
	startedAt   time.Time                   // probes contain the time since then, by the monotonic clock
}

// NewHealth returns the health of a node that is connecting.
func NewHealth() *Health { return &Health{startedAt: time.Now()} }

// Status returns the current status as it is sent to clients. It is never nil. A node that is still connecting is not
// degraded.
func (h *Health) Status() *wire.Status {
	if s := h.logStatus.Load(); s != nil {
		return s
	}
	if s := h.linkStatus.Load(); s != nil {
		return s
	}
	return &wire.Status{Since: h.startedAt.UnixMilli()}
}

// LinkStatus returns the last announced status of the link; nil while the node is connecting.
func (h *Health) LinkStatus() *wire.Status { return h.linkStatus.Load() }

// Degraded reports whether the link is lost. It is false if only the log of a standalone node rejects writes, because
// reads still succeed.
func (h *Health) Degraded() bool {
	s := h.linkStatus.Load()
	return s != nil && s.Degraded
}

// Connecting reports whether the node has announced neither a healthy nor a degraded link yet.
func (h *Health) Connecting() bool { return h.linkStatus.Load() == nil }

// LogUnavailable reports whether the shared log cannot be used: the node is connecting or degraded.
func (h *Health) LogUnavailable() bool { return h.Connecting() || h.Degraded() }

// sinceStart returns the time since startedAt, by the monotonic clock.
func (h *Health) sinceStart() time.Duration { return time.Since(h.startedAt) }

func (h *Health) noteEvent() { h.lastEventAt.Store(int64(h.sinceStart())) }

// lastEvent returns the time of the last event of the subscriber.
func (h *Health) lastEvent() time.Time { return h.startedAt.Add(time.Duration(h.lastEventAt.Load())) }
