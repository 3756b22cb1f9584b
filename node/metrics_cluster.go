package node

import (
	"time"

	"chatnode/actors"
	"chatnode/actors/chat"
)

// A clusterView is what the node knows of the cluster and of its own link to it.
type clusterView interface {
	// Cluster is the instances that live or have lived until lately, this one too, and the clock that
	// their heartbeats are to be compared with.
	Cluster() chat.Cluster
	// Latency is the mean and the longest time that publishing took lately.
	Latency() (mean, longest time.Duration)
	// Degraded says whether the node is cut off.
	Degraded() bool
	// Proof is how long ago it was last proven that this node hears what is published.
	Proof() time.Duration
}

// newClusterView is the view that the configuration asks for.
func (n *Node) newClusterView() clusterView {
	if n.cfg.EnableDistributedChat {
		return &clusterNodeView{n.core, time.Now()}
	}
	return &standaloneView{n, time.Now()}
}

// clusterNodeView is the view of a node that works with others.
type clusterNodeView struct {
	core *actors.Core
	born time.Time
}

var _ clusterView = (*clusterNodeView)(nil)

// Cluster implements clusterView: what the last heartbeat told.
func (j *clusterNodeView) Cluster() chat.Cluster { return j.core.Cluster() }

// Latency implements clusterView: that of the node's own probes, through Redis and back.
func (j *clusterNodeView) Latency() (mean, longest time.Duration) {
	return j.core.Stats().Link.ProbeLatency()
}

// Degraded implements clusterView.
func (j *clusterNodeView) Degraded() bool { return j.core.Status().Degraded }

// Proof implements clusterView.
func (j *clusterNodeView) Proof() time.Duration {
	proven := j.core.Stats().Link.LastProbeAt()
	if proven.IsZero() {
		proven = j.born
	}
	return time.Since(proven)
}

// standaloneView is the view of a node without others: it is the cluster, and what it publishes to itself
// needs no proof.
type standaloneView struct {
	node *Node
	born time.Time
}

var _ clusterView = (*standaloneView)(nil)

// Cluster implements clusterView.
func (a *standaloneView) Cluster() chat.Cluster {
	now := time.Now().UnixMilli()
	self := chat.Instance{
		InstanceID: string(a.node.cfg.InstanceID), StartedAt: a.born.UnixMilli(), LastHeartbeat: now, ConnectedClients: a.node.clients(),
	}
	return chat.Cluster{Now: now, Instances: []chat.Instance{self}}
}

// Latency implements clusterView: that of the embedded log.
func (a *standaloneView) Latency() (mean, longest time.Duration) {
	return a.node.core.Stats().Bus.RecentAppends.Recent()
}

// Degraded implements clusterView.
func (a *standaloneView) Degraded() bool { return a.node.core.Status().Degraded }

// Proof implements clusterView.
func (*standaloneView) Proof() time.Duration { return 0 }

// clients is the number of sessions.
func (n *Node) clients() int { return int(n.core.Stats().Chat.Sessions.Load()) }

// oldestHeartbeatAge is how long ago that instance was heard of that has been silent the longest.
func oldestHeartbeatAge(c chat.Cluster) time.Duration {
	var oldest time.Duration
	for _, i := range c.Instances {
		oldest = max(oldest, time.Duration(c.Now-i.LastHeartbeat)*time.Millisecond)
	}
	return oldest
}
