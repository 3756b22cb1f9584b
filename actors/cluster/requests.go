package cluster

import (
	"context"

	"github.com/rs/zerolog"

	"chatnode/actors/process"
	"chatnode/actors/store"
)

// heartbeatRequest renews the lease. The store posts a heartbeatResult.
type heartbeatRequest struct {
	clients int
	reply   *process.Process
}

// deregisterRequest ends the lease. done is closed unless the store panics.
type deregisterRequest struct {
	log  zerolog.Logger
	done chan<- struct{}
}

var (
	_ store.Request = (*heartbeatRequest)(nil)
	_ store.Request = (*deregisterRequest)(nil)
)

// Run implements store.Request.
func (r *heartbeatRequest) Run(ctx context.Context, s *store.Store) {
	instances, err := s.Registry.Heartbeat(ctx, r.clients)
	r.reply.Post(heartbeatResult{instances, err})
}

// Abort implements store.Request.
func (r *heartbeatRequest) Abort(_ *store.Store, err error) { r.reply.Post(heartbeatResult{err: err}) }

// Run implements store.Request.
func (r *deregisterRequest) Run(ctx context.Context, s *store.Store) {
	if err := s.Registry.Deregister(ctx); err != nil {
		r.log.Warn().Err(err).Msg("registry deregistration failed")
	}
	close(r.done)
}

// Abort implements store.Request. The node is stopping and does not wait longer than its deadline.
func (r *deregisterRequest) Abort(*store.Store, error) {}
