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
	sanctionTick  struct{} // look whether they have changed
	sanctionsRead struct { // the answer to *readSanctions
		list    []chat.Sanction
		version string
		changed bool
		err     error
	}
	sanctionSettled struct{ *sanctionOrder } // the store has carried it out, or has failed to
	orderUnheard    struct{ *expulsion }     // tick: it should have come back by now
)

// errNoSanctions is the end of an order to a node that keeps no sanctions.
var errNoSanctions = errors.New("this node keeps no sanctions")

// sanctionOrder imposes a sanction or lifts it. The store fills it in and passes it on to sanctions.
type sanctionOrder struct {
	sanction chat.Sanction
	span     time.Duration // 0: for ever
	lift     bool
	found    bool // lift: there was one
	err      error
	done     chan<- *sanctionOrder
	port     chat.Sanctions // nil: this node keeps none
	reply    *process.Process
}

var _ store.StoreCall = (*sanctionOrder)(nil)

func (o *sanctionOrder) Run(ctx context.Context, _ *store.Store) {
	switch port := o.port; {
	case port == nil:
		o.err = errNoSanctions
	case o.lift:
		o.found, o.err = port.Lift(ctx, o.sanction.Kind, o.sanction.Subject)
	default:
		o.sanction, o.err = port.Impose(ctx, o.sanction, o.span)
	}
	o.reply.Post(sanctionSettled{o})
}

func (o *sanctionOrder) Abort(_ *store.Store, err error) {
	o.err = err
	o.reply.Post(sanctionSettled{o})
}

// readSanctions asks for the sanctions, if they are others than at the version.
type readSanctions struct {
	version string
	port    chat.Sanctions
	reply   *process.Process
}

var _ store.StoreCall = (*readSanctions)(nil)

func (r *readSanctions) Run(ctx context.Context, _ *store.Store) {
	list, version, changed, err := r.port.Changed(ctx, r.version)
	r.reply.Post(sanctionsRead{list, version, changed, err})
}

func (r *readSanctions) Abort(_ *store.Store, err error) { r.reply.Post(sanctionsRead{err: err}) }

const (
	KindSanctions = "sanctions"
)
