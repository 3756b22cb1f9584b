package actors

import (
	"context"
	"errors"
	"fmt"

	"chatnode/actors/wire"
)

// The API of the actors for those who are no actor, such as HTTP handlers. Every call is a message to an
// actor and the wait for its answer, which ends with the caller's context. Beside what each says for
// itself, an error may be ErrMailboxFull or ErrStopped (nothing was taken), or the context's (nobody
// knows what became of it).

// ErrDegraded says that this does not work until the node has its storage back.
var ErrDegraded = errors.New("the node has lost its storage")

// An Outcome is what became of a write: an ack, or the code of why not.
type Outcome struct {
	Ack  wire.Ack
	Code wire.Code // CodeNone: see Ack
}

// presenceCall is a question that the presence tracker lets answer itself.
type presenceCall interface{ ask(p *presence) }

// answerTo is what a question got: a value, or why there is none.
type answerTo[T any] struct {
	value T
	err   error
}

// await waits for the answer to what was told an actor with the error told.
func await[T any](ctx context.Context, told error, answer <-chan answerTo[T]) (value T, err error) {
	if told != nil {
		return value, told
	}
	select {
	case a := <-answer:
		return a.value, a.err
	case <-ctx.Done():
		return value, fmt.Errorf("wait for an actor: %w", ctx.Err())
	}
}

// lost is the error of a port, as the API tells it.
func lost(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrDegraded, err)
}
