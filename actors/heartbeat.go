package actors

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"
)

// heartbeat renews this instance's lease, and keeps the view of the cluster that each beat brings.
type heartbeat struct {
	core    *clusterDeps
	self    *Process
	beating bool
	alarmed string // the duplicate that was reported
	tick    tick
}

// Messages to the heartbeat.
type (
	beaten struct { // the answer to registerBeat
		view Cluster
		err  error
	}
	beatTimer struct{}
	signOff   struct{ done chan<- struct{} }
)

// What it asks of the store.
type (
	registerBeat struct { // answered by beaten
		clients int
		reply   *Process
	}
	leaveRegistry struct {
		log  zerolog.Logger
		done chan<- struct{}
	}
)

func (m *registerBeat) run(ctx context.Context, s *store) {
	view, err := s.registry.Beat(ctx, m.clients)
	m.reply.Post(beaten{view, err})
}

func (m *registerBeat) abort(_ *store, err error) { m.reply.Post(beaten{err: err}) }

func (m *leaveRegistry) run(ctx context.Context, s *store) {
	if err := s.registry.Remove(ctx); err != nil {
		m.log.Warn().Err(err).Msg("could not leave the registry; the lease will end by itself")
	}
	close(m.done)
}

func (m *leaveRegistry) abort(*store, error) {}

const beatBound = 64

// SuspectAfter is the silence from which on an instance is suspect; 30 s: guide, Alerts.
const SuspectAfter = 30 * time.Second

// Receive implements Actor.
func (h *heartbeat) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		h.self = self
		h.beat()
		h.tick.again(self, h.core.set.HeartbeatInterval, beatTimer{})
	case Recovered:
		h.beating = false
		h.tick.again(self, h.core.set.HeartbeatInterval, beatTimer{})
	case beatTimer:
		h.beat()
		h.tick.again(self, h.core.set.HeartbeatInterval, beatTimer{})
	case prove:
		h.beat()
	case beaten:
		h.beaten(m)
	case signOff:
		h.core.store.Post(&leaveRegistry{h.core.sys.Log, m.done})
	}
}

// beat asks the store for a beat, one at a time.
func (h *heartbeat) beat() {
	if h.beating {
		return
	}
	h.beating = true
	h.core.store.Post(&registerBeat{clients: int(h.core.sessions.Load()), reply: h.self})
}

func (h *heartbeat) beaten(m beaten) {
	h.beating = false
	if m.err != nil {
		h.core.bridge.Post(linkFailed{m.err})
		return
	}
	h.core.bridge.Post(linkWrote{})
	m.view.Heard = time.Now()
	h.core.seen.view.Store(&m.view)
	if d := m.view.Duplicate; d != h.alarmed {
		h.alarmed = d
		if d != "" {
			h.core.sys.Log.Error().Str("incarnation", h.core.set.Incarnation).Str("other", d).Msg("another process uses this INSTANCE_ID: give each node its own")
		}
	}
}

// clusterView is what the last beat told of the instances, as everybody may read it.
type clusterView struct{ view atomic.Pointer[Cluster] }

// Cluster is what the last beat told.
func (c *clusterView) Cluster() Cluster {
	if v := c.view.Load(); v != nil {
		return *v
	}
	return Cluster{}
}

// logClock is the log's clock, in ms, at a time of this node's, by what the last beat told. Since then
// this node's monotonic clock has counted.
func (c *clusterView) logClock(now time.Time) int64 {
	v := c.view.Load()
	if v == nil || v.Now == 0 || v.Heard.IsZero() {
		return now.UnixMilli()
	}
	return v.Now + now.Sub(v.Heard).Milliseconds()
}

// clusterDeps is what the heartbeat works with.
type clusterDeps struct {
	set      *Settings
	sys      *System
	sessions *atomic.Int64
	seen     *clusterView

	bridge, store *Process
}
