package localbus

import (
	"context"
	"time"

	"chatnode/actors/chat"
)

// registry is the cluster of one: this instance.
type registry struct {
	id, incarnation string
	started         int64
	now             func() time.Time
}

var _ chat.Registry = (*registry)(nil)

// Registry returns the registry in which instanceID is the only instance.
func (b *Bus) Registry(instanceID, incarnation string) chat.Registry {
	now := b.presence.now
	return &registry{id: instanceID, incarnation: incarnation, started: now().UnixMilli(), now: now}
}

// Heartbeat implements actors.Registry.
func (r *registry) Heartbeat(_ context.Context, connectedClients int) (chat.Cluster, error) {
	now := r.now().UnixMilli()
	self := chat.Instance{InstanceID: r.id, StartedAt: r.started, LastHeartbeat: now, ConnectedClients: connectedClients, Incarnation: r.incarnation}
	return chat.Cluster{Now: now, Instances: []chat.Instance{self}}, nil
}

// Deregister implements actors.Registry.
func (r *registry) Deregister(context.Context) error { return nil }
