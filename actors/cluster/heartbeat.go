package cluster

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// Heartbeat renews this instance's lease, and keeps the view of the cluster that each beat brings.
type Heartbeat struct {
	Core              *Deps
	self              *process.Process
	beating           bool
	reportedDuplicate string // the duplicate that was reported
	tick              process.Ticker
}

// Messages to the heartbeat.
type (
	heartbeatResult struct { // the answer to registerBeat
		view chat.Cluster
		err  error
	}
	heartbeatTick struct{}
	Deregister    struct{ Done chan<- struct{} }
)

// What it asks of the store.
type (
	heartbeatRequest struct { // answered by beaten
		clients int
		reply   *process.Process
	}
	leaveRegistry struct {
		log  zerolog.Logger
		done chan<- struct{}
	}
)

func (m *heartbeatRequest) Run(ctx context.Context, s *store.Store) {
	view, err := s.Registry.Heartbeat(ctx, m.clients)
	m.reply.Post(heartbeatResult{view, err})
}

func (m *heartbeatRequest) Abort(_ *store.Store, err error) { m.reply.Post(heartbeatResult{err: err}) }

func (m *leaveRegistry) Run(ctx context.Context, s *store.Store) {
	if err := s.Registry.Deregister(ctx); err != nil {
		m.log.Warn().Err(err).Msg("registry deregistration failed")
	}
	close(m.done)
}

func (m *leaveRegistry) Abort(*store.Store, error) {}

// SuspectAfter is the silence from which on an instance is suspect; 30 s: guide, Alerts.
const SuspectAfter = 30 * time.Second

// Receive implements Actor.
func (h *Heartbeat) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		h.self = self
		h.sendHeartbeat()
		h.tick.Reset(self, h.Core.Set.HeartbeatInterval, heartbeatTick{})
	case process.Recovered:
		h.beating = false
		h.tick.Reset(self, h.Core.Set.HeartbeatInterval, heartbeatTick{})
	case heartbeatTick:
		h.sendHeartbeat()
		h.tick.Reset(self, h.Core.Set.HeartbeatInterval, heartbeatTick{})
	case link.WriteTestRequest:
		h.sendHeartbeat()
	case heartbeatResult:
		h.onHeartbeatResult(m)
	case Deregister:
		h.Core.Store.Post(&leaveRegistry{h.Core.Sys.Log, m.Done})
	}
}

// sendHeartbeat asks the store for a beat, one at a time.
func (h *Heartbeat) sendHeartbeat() {
	if h.beating {
		return
	}
	h.beating = true
	h.Core.Store.Post(&heartbeatRequest{clients: int(h.Core.Sessions.Load()), reply: h.self})
}

func (h *Heartbeat) onHeartbeatResult(m heartbeatResult) {
	h.beating = false
	if m.err != nil {
		h.Core.Bridge.Post(link.CallFailed{Err: m.err})
		return
	}
	h.Core.Bridge.Post(link.WriteSucceeded{})
	m.view.ReceivedAt = time.Now()
	h.Core.Seen.view.Store(&m.view)
	if d := m.view.Duplicate; d != h.reportedDuplicate {
		h.reportedDuplicate = d
		if d != "" {
			h.Core.Sys.Log.Error().Str("incarnation", h.Core.Set.Incarnation).Str("other_incarnation", d).Msg("duplicate instance id detected")
		}
	}
}

// View is what the last beat told of the instances, as everybody may read it.
type View struct{ view atomic.Pointer[chat.Cluster] }

// Cluster is what the last beat told.
func (c *View) Cluster() chat.Cluster {
	if v := c.view.Load(); v != nil {
		return *v
	}
	return chat.Cluster{}
}

// LogClock is the log's clock, in ms, at a time of this node's, by what the last beat told. Since then
// this node's monotonic clock has counted.
func (c *View) LogClock(now time.Time) int64 {
	v := c.view.Load()
	if v == nil || v.Now == 0 || v.ReceivedAt.IsZero() {
		return now.UnixMilli()
	}
	return v.Now + now.Sub(v.ReceivedAt).Milliseconds()
}

// clusterDeps is what the heartbeat works with.
type Deps struct {
	Set      *chat.Settings
	Sys      *process.System
	Sessions *atomic.Int64
	Seen     *View

	Bridge, Store *process.Process
}

// Kind is the kind of the heartbeat actor.
var Kind = process.Kind{Name: "heartbeat", Capacity: 64}
