package process

import (
	"context"
	"fmt"
)

// Answer is the answer to a request made by Ask: a value, or the reason for its absence.
type Answer[T any] struct {
	Value T
	Err   error
}

// Ask sends the message that request returns to p, and blocks until the actor answers or ctx ends. The actor must send
// exactly one Answer to reply, which never blocks; after that it must not use reply again.
//
// Ask returns ErrMailboxFull or ErrStopped if p does not accept the message, the error of the answer, or an error
// that wraps that of ctx. In the last case the request may still be carried out. Actors must not call Ask, because it
// blocks.
func Ask[T any](ctx context.Context, p *Process, request func(reply chan<- Answer[T]) any) (value T, err error) {
	reply := make(chan Answer[T], 1)
	if err := p.TryPost(request(reply)); err != nil {
		return value, err
	}
	select {
	case a := <-reply:
		return a.Value, a.Err
	case <-ctx.Done():
		return value, fmt.Errorf("wait for %s: %w", p.ID(), ctx.Err())
	}
}
