package store

import (
	"context"
	"fmt"

	"chatnode/actors/chat"
)

// Reply is what a question got: a value, or why there is none.
type Reply[T any] struct {
	Value T
	Err   error
}

// WaitReply waits for the answer to what was told an actor with the error told.
func WaitReply[T any](ctx context.Context, told error, answer <-chan Reply[T]) (value T, err error) {
	if told != nil {
		return value, told
	}
	select {
	case a := <-answer:
		return a.Value, a.Err
	case <-ctx.Done():
		return value, fmt.Errorf("wait for an actor: %w", ctx.Err())
	}
}

// AsDegraded is the error of a port, as the API tells it.
func AsDegraded(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", chat.ErrDegraded, err)
}
