package boltjournal

import (
	"fmt"

	"chatnode/transport/disk"
)

// commitError adds the remedy to an error of a commit, if there is one.
func commitError(err error) error {
	if disk.IsFull(err) {
		return fmt.Errorf("volume full: %w; free some space", err)
	}
	return err
}
