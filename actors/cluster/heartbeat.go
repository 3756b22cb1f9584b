package cluster

import (
	"time"

	"chatnode/actors/link"
	"chatnode/actors/process"
)

// Heartbeat renews the lease of this instance every Interval, and updates the View.
type Heartbeat struct {
	deps      *Deps
	self      *process.Process
	tick      process.Ticker
	waiting   bool   // for the result of a heartbeatRequest
	duplicate string // incarnation of another process with this instance id that was logged; empty: none
}

// New returns the actor.
func New(deps *Deps) *Heartbeat { return &Heartbeat{deps: deps} }

// Receive implements Actor.
func (h *Heartbeat) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		h.onStarted(self)
	case process.Recovered:
		h.onRecovered()
	case heartbeatTick:
		h.onHeartbeatTick()
	case link.WriteTestRequest:
		h.onWriteTestRequest()
	case heartbeatResult:
		h.onHeartbeatResult(m)
	case DeregisterInstance:
		h.onDeregisterInstance(m)
	default:
		self.Unknown(msg)
	}
}

func (h *Heartbeat) onStarted(self *process.Process) {
	h.self = self
	h.onHeartbeatTick()
}

// onRecovered restarts the timer, because the panic may have cost a tick or a result.
func (h *Heartbeat) onRecovered() {
	h.waiting = false
	h.resetTick()
}

func (h *Heartbeat) onHeartbeatTick() {
	h.sendHeartbeat()
	h.resetTick()
}

// onWriteTestRequest sends a heartbeat for the link, which tests whether the registry accepts writes.
func (h *Heartbeat) onWriteTestRequest() { h.sendHeartbeat() }

func (h *Heartbeat) resetTick() { h.tick.Reset(h.self, h.deps.Interval, heartbeatTick{}) }

// sendHeartbeat posts a request to the store, unless one is in progress.
func (h *Heartbeat) sendHeartbeat() {
	if h.waiting {
		return
	}
	h.waiting = true
	h.deps.Store.Post(&heartbeatRequest{clients: int(h.deps.Sessions.Load()), reply: h.self})
}

func (h *Heartbeat) onHeartbeatResult(m heartbeatResult) {
	h.waiting = false
	if m.err != nil {
		h.deps.Link.Post(link.CallFailed{Err: m.err})
		return
	}
	h.deps.Link.Post(link.WriteSucceeded{})
	m.instances.ReceivedAt = time.Now()
	h.deps.View.last.Store(&m.instances)
	h.reportDuplicate(m.instances.Duplicate)
}

// reportDuplicate logs another process with this instance id once. incarnation is empty if there is none.
func (h *Heartbeat) reportDuplicate(incarnation string) {
	if incarnation == h.duplicate {
		return
	}
	h.duplicate = incarnation
	if incarnation != "" {
		h.deps.System.Log.Error().Str("incarnation", h.deps.Incarnation).Str("other_incarnation", incarnation).
			Msg("duplicate instance id detected")
	}
}

func (h *Heartbeat) onDeregisterInstance(m DeregisterInstance) {
	h.deps.Store.Post(&deregisterRequest{h.deps.System.Log, m.Done})
}
