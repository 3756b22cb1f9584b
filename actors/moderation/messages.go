package moderation

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// Messages to sanctions, besides *expulsion and *Control.
type (
	sanctionTick    struct{} // look whether they have changed
	sanctionsResult struct { // the answer to *readSanctions
		list    []chat.Sanction
		version string
		changed bool
		err     error
	}
	sanctionApplied       struct{ *sanctionRequest }   // the store has carried it out, or has failed to
	disconnectTimeoutTick struct{ *disconnectRequest } // tick: it should have come back by now
)

// errNoSanctions is the end of an order to a node that keeps no sanctions.
var errNoSanctions = errors.New("this node keeps no sanctions")

// sanctionRequest imposes a sanction or lifts it. The store fills it in and passes it on to sanctions.
type sanctionRequest struct {
	sanction chat.Sanction
	span     time.Duration // 0: for ever
	lift     bool
	found    bool // lift: there was one
	err      error
	done     chan<- process.Answer[*sanctionRequest]
	port     chat.Sanctions // nil: this node keeps none
	reply    *process.Process
}

var _ store.Request = (*sanctionRequest)(nil)

func (o *sanctionRequest) Run(ctx context.Context, _ *store.Store) {
	switch port := o.port; {
	case port == nil:
		o.err = errNoSanctions
	case o.lift:
		o.found, o.err = port.Lift(ctx, o.sanction.Kind, o.sanction.Subject)
	default:
		o.sanction, o.err = port.Impose(ctx, o.sanction, o.span)
	}
	o.reply.Post(sanctionApplied{o})
}

func (o *sanctionRequest) Abort(_ *store.Store, err error) {
	o.err = err
	o.reply.Post(sanctionApplied{o})
}

// finish answers the caller of Impose or Lift.
func (o *sanctionRequest) finish() {
	o.done <- process.Answer[*sanctionRequest]{Value: o, Err: store.AsDegraded(o.err)}
}

// sanctionsRequest asks for the sanctions, if they are others than at the version.
type sanctionsRequest struct {
	version string
	port    chat.Sanctions
	reply   *process.Process
}

var _ store.Request = (*sanctionsRequest)(nil)

func (r *sanctionsRequest) Run(ctx context.Context, _ *store.Store) {
	list, version, changed, err := r.port.ListIfChanged(ctx, r.version)
	r.reply.Post(sanctionsResult{list, version, changed, err})
}

func (r *sanctionsRequest) Abort(_ *store.Store, err error) { r.reply.Post(sanctionsResult{err: err}) }

// Kind is the kind of the sanctions actor.
var Kind = process.Kind{Name: "sanctions", Capacity: 4096}
