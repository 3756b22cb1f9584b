package actors

import (
	"context"
	"errors"
	"time"
)

// Messages to sanctions, besides *expulsion.
type (
	sanctionTick    struct{} // look whether they have changed
	sanctionsTurned struct{} // a node says that they have
	sanctionsRead   struct { // the answer to *readSanctions
		list    []Sanction
		version string
		changed bool
		err     error
	}
	sanctionSettled struct{ *sanctionOrder } // the store has carried it out, or has failed to
	orderHeard      struct{ Control }        // an order to disconnect has reached this node
	orderUnheard    struct{ *expulsion }     // tick: it should have come back by now
)

// errNoSanctions is the end of an order to a node that keeps no sanctions.
var errNoSanctions = errors.New("this node keeps no sanctions")

// sanctionOrder imposes a sanction or lifts it. The store fills it in and passes it on to sanctions.
type sanctionOrder struct {
	sanction Sanction
	span     time.Duration // 0: for ever
	lift     bool
	found    bool // lift: there was one
	err      error
	done     chan<- *sanctionOrder
}

var _ storeCall = (*sanctionOrder)(nil)

func (o *sanctionOrder) run(ctx context.Context, s *store) {
	switch port := s.core.ports.Sanctions; {
	case port == nil:
		o.err = errNoSanctions
	case o.lift:
		o.found, o.err = port.Lift(ctx, o.sanction.Kind, o.sanction.Subject)
	default:
		o.sanction, o.err = port.Impose(ctx, o.sanction, o.span)
	}
	s.core.sanctions.Post(sanctionSettled{o})
}

func (o *sanctionOrder) abort(s *store, err error) {
	o.err = err
	s.core.sanctions.Post(sanctionSettled{o})
}

// readSanctions asks for the sanctions, if they are others than at the version.
type readSanctions struct{ version string }

var _ storeCall = (*readSanctions)(nil)

func (r *readSanctions) run(ctx context.Context, s *store) {
	list, version, changed, err := s.core.ports.Sanctions.Changed(ctx, r.version)
	s.core.sanctions.Post(sanctionsRead{list, version, changed, err})
}

func (r *readSanctions) abort(s *store, err error) { s.core.sanctions.Post(sanctionsRead{err: err}) }
