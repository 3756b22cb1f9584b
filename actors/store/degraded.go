package store

import (
	"fmt"

	"chatnode/actors/chat"
)

// AsDegraded wraps the error of a port in chat.ErrDegraded, as callers of the API expect it; nil stays nil.
func AsDegraded(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", chat.ErrDegraded, err)
}
