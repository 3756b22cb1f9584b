package store

import (
	"context"
	"time"

	"chatnode/actors/process"
)

// Request is a message to the store. The store calls its methods on its own goroutine.
type Request interface {
	// Run executes the request and posts the result. It returns soon after ctx ends.
	Run(ctx context.Context, s *Store)
	// Abort posts err as the result. It is called instead of the rest of Run after a panic in Run.
	Abort(s *Store, err error)
}

// LongRequest is a Request that declares its time limit.
type LongRequest interface {
	Request
	Limit() time.Duration
}

// BarrierRequest closes Done when all requests queued before it have been executed.
type BarrierRequest struct{ Done chan<- struct{} }

// Run implements Request.
func (r *BarrierRequest) Run(context.Context, *Store) { close(r.Done) }

// Abort implements Request.
func (r *BarrierRequest) Abort(*Store, error) {}

// Kind is the kind of the store.
var Kind = process.Kind{Name: "store", Capacity: 16384, Parent: "bridge"}
