package chat

import (
	"errors"

	"chatnode/actors/wire"
)

// ErrDegraded is returned by operations that are unavailable until the storage of the node has recovered.
var ErrDegraded = errors.New("the node has lost its storage")

// WriteResult is the result of an API write: an ack, or the code of an error.
type WriteResult struct {
	Ack  wire.Ack
	Code wire.Code // CodeNone: Ack is valid
}
