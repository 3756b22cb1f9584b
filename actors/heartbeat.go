package actors

import (
	"time"
)

// heartbeat renews this instance's lease, and keeps the view of the cluster that each beat brings.
type heartbeat struct {
	core    *Core
	self    *Process
	beating bool
	alarmed string // the duplicate that was reported
	tick    tick
}

// Messages to the heartbeat.
type (
	// Beat is the tick, or the bridge's wish for a proof that Redis takes writes.
	Beat   struct{}
	beaten struct { // the answer to registerBeat
		view Cluster
		err  error
	}
	beatTimer struct{}
	signOff   struct{ done chan<- struct{} }
)

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
	case Beat:
		h.beat()
	case beaten:
		h.beaten(m)
	case signOff:
		h.core.store.Post(m)
	}
}

// beat asks the store for a beat, one at a time.
func (h *heartbeat) beat() {
	if h.beating {
		return
	}
	h.beating = true
	h.core.store.Post(&registerBeat{clients: int(h.core.stats.Chat.Sessions.Load()), reply: h.self})
}

func (h *heartbeat) beaten(m beaten) {
	h.beating = false
	if m.err != nil {
		h.core.bridge.Post(linkFailed{m.err})
		return
	}
	h.core.bridge.Post(linkWrote{})
	m.view.Heard = time.Now()
	h.core.view.Store(&m.view)
	if d := m.view.Duplicate; d != h.alarmed {
		h.alarmed = d
		if d != "" {
			h.core.sys.Log.Error().Str("incarnation", h.core.set.Incarnation).Str("other", d).Msg("another process uses this INSTANCE_ID: give each node its own")
		}
	}
}

// Cluster is what the last beat told of the instances.
func (c *Core) Cluster() Cluster {
	if v := c.view.Load(); v != nil {
		return *v
	}
	return Cluster{}
}
