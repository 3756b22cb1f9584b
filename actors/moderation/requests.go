package moderation

import (
	"context"
	"errors"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// errNoPort is the error of an order on a node without sanctions.
var errNoPort = errors.New("sanctions are not available on this node")

// sanctionRequest imposes or lifts a sanction. The store fills in the result and posts it to the moderator.
type sanctionRequest struct {
	sanction chat.Sanction
	duration time.Duration // 0: permanent
	lift     bool
	found    bool // lift: the sanction existed
	err      error
	answer   chan<- process.Answer[*sanctionRequest]
	port     chat.Sanctions // nil: the node has no sanctions
	reply    *process.Process
}

var _ store.Request = (*sanctionRequest)(nil)

// Run implements store.Request.
func (r *sanctionRequest) Run(ctx context.Context, _ *store.Store) {
	switch {
	case r.port == nil:
		r.err = errNoPort
	case r.lift:
		r.found, r.err = r.port.Lift(ctx, r.sanction.Kind, r.sanction.Subject)
	default:
		r.sanction, r.err = r.port.Impose(ctx, r.sanction, r.duration)
	}
	r.reply.Post(&sanctionApplied{r})
}

// Abort implements store.Request.
func (r *sanctionRequest) Abort(_ *store.Store, err error) {
	r.err = err
	r.reply.Post(&sanctionApplied{r})
}

// finish answers the caller of Impose or Lift.
func (r *sanctionRequest) finish() {
	r.answer <- process.Answer[*sanctionRequest]{Value: r, Err: store.AsDegraded(r.err)}
}

// sanctionsRequest reads the sanctions if they have changed since version.
type sanctionsRequest struct {
	version string
	port    chat.Sanctions
	reply   *process.Process
}

var _ store.Request = (*sanctionsRequest)(nil)

// Run implements store.Request.
func (r *sanctionsRequest) Run(ctx context.Context, _ *store.Store) {
	list, version, changed, err := r.port.ListIfChanged(ctx, r.version)
	r.reply.Post(&sanctionsResult{list, version, changed, err})
}

// Abort implements store.Request.
func (r *sanctionsRequest) Abort(_ *store.Store, err error) { r.reply.Post(&sanctionsResult{err: err}) }
