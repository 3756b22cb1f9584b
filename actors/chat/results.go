package chat

import (
	"errors"

	"chatnode/actors/wire"
)

// The API of the actors for those who are no actor, such as HTTP handlers. Every call is a message to an
// actor and the wait for its answer, which ends with the caller's context. Beside what each says for
// itself, an error may be ErrMailboxFull or ErrStopped (nothing was taken), or the context's (nobody
// knows what became of it).

// ErrDegraded says that this does not work until the node has its storage back.
var ErrDegraded = errors.New("the node has lost its storage")

// An WriteResult is what became of a write: an ack, or the code of why not.
type WriteResult struct {
	Ack  wire.Ack
	Code wire.Code // CodeNone: see Ack
}
