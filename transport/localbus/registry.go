package localbus

import (
	"context"
	"time"

	"chatnode/actors/chat"
)

// registry is a cluster with this instance only.
type registry struct {
	id, incarnation string
	startedAt       int64 // ms
	now             func() time.Time
}

var _ chat.Registry = (*registry)(nil)

// Registry returns a registry in which instanceID is the only instance.
func (b *Bus) Registry(instanceID, incarnation string) chat.Registry {
	now := b.presence.now
	return &registry{id: instanceID, incarnation: incarnation, startedAt: now().UnixMilli(), now: now}
}

// Heartbeat implements chat.Registry.
func (r *registry) Heartbeat(_ context.Context, connectedClients int) (chat.Cluster, error) {
	now := r.now().UnixMilli()
	self := chat.Instance{
		InstanceID: r.id, StartedAt: r.startedAt, LastHeartbeat: now,
		ConnectedClients: connectedClients, Incarnation: r.incarnation,
	}
	return chat.Cluster{Now: now, Instances: []chat.Instance{self}}, nil
}

// Deregister implements chat.Registry.
func (r *registry) Deregister(context.Context) error { return nil }
