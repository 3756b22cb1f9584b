package node

import (
	"time"

	"chatnode/actors"
	"chatnode/actors/chat"
)

// A clusterView is the state of the cluster, and of the link to it, as this node knows it.
type clusterView interface {
	// Cluster returns the instances in the registry, including this one, and the time to compare their heartbeats
	// with.
	Cluster() chat.Cluster
	// Latency returns the mean and the maximum publish latency of the last 60 probes, or 64 appends without Redis.
	Latency() (mean, maximum time.Duration)
	// Degraded reports whether Redis, or the disk of a standalone node, is unavailable.
	Degraded() bool
	// ProbeAge returns the time since the last probe was received through Redis.
	ProbeAge() time.Duration
}

// newClusterView returns the view for the configured mode.
func (n *Node) newClusterView() clusterView {
	if n.cfg.EnableDistributedChat {
		return &clusterNodeView{n.core, time.Now()}
	}
	return &standaloneView{n, time.Now()}
}

// clusterNodeView is the view of a node with Redis.
type clusterNodeView struct {
	core      *actors.Core
	startedAt time.Time
}

var _ clusterView = (*clusterNodeView)(nil)

// Cluster implements clusterView. It returns the result of the last heartbeat.
func (v *clusterNodeView) Cluster() chat.Cluster { return v.core.Cluster() }

// Latency implements clusterView. It measures the probes of this node through Redis.
func (v *clusterNodeView) Latency() (mean, maximum time.Duration) {
	return v.core.Stats().Link.ProbeLatency()
}

// Degraded implements clusterView.
func (v *clusterNodeView) Degraded() bool { return v.core.Status().Degraded }

// ProbeAge implements clusterView.
func (v *clusterNodeView) ProbeAge() time.Duration {
	probeAt := v.core.Stats().Link.LastProbeAt()
	if probeAt.IsZero() {
		probeAt = v.startedAt
	}
	return time.Since(probeAt)
}

// standaloneView is the view of a node without Redis, which is the only instance and needs no probes.
type standaloneView struct {
	node      *Node
	startedAt time.Time
}

var _ clusterView = (*standaloneView)(nil)

// Cluster implements clusterView.
func (v *standaloneView) Cluster() chat.Cluster {
	now := time.Now().UnixMilli()
	self := chat.Instance{
		InstanceID: string(v.node.cfg.InstanceID), StartedAt: v.startedAt.UnixMilli(), LastHeartbeat: now, ConnectedClients: v.node.clients(),
	}
	return chat.Cluster{Now: now, Instances: []chat.Instance{self}}
}

// Latency implements clusterView. It measures appends to the embedded log.
func (v *standaloneView) Latency() (mean, maximum time.Duration) {
	return v.node.core.Stats().Bus.RecentAppends.Recent()
}

// Degraded implements clusterView.
func (v *standaloneView) Degraded() bool { return v.node.core.Status().Degraded }

// ProbeAge implements clusterView.
func (*standaloneView) ProbeAge() time.Duration { return 0 }

// clients returns the number of sessions.
func (n *Node) clients() int { return int(n.core.Stats().Chat.Sessions.Load()) }

// oldestHeartbeatAge returns the time since the oldest last heartbeat of any instance.
func oldestHeartbeatAge(c chat.Cluster) time.Duration {
	var oldest time.Duration
	for _, i := range c.Instances {
		oldest = max(oldest, time.Duration(c.Now-i.LastHeartbeat)*time.Millisecond)
	}
	return oldest
}
