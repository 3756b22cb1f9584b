package disk

import (
	"errors"
	"fmt"
	"os"
)

// SyncFolder makes the names in the folder durable, because the fsync of a file does not include its name.
func SyncFolder(path string) error {
	f, err := os.Open(path)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}
