package wal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"chatnode/transport/disk"
)

// create creates a segment with its initial size, and makes its name durable. The file gets its name when it is
// complete, so that a kill never leaves a partial segment.
func create(path string, h header, size int64) error {
	draft := path + ".new"
	if err := writeDraft(draft, h, size); err != nil {
		return fmt.Errorf("create segment: %w", errors.Join(err, removeDraft(draft)))
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("create segment: %w", err)
	}
	return disk.SyncFolder(filepath.Dir(path))
}

func writeDraft(path string, h header, size int64) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(h.encode())
	if err == nil {
		err = writeZeros(f, headerSize, size)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// removeDraft removes the draft of a failed creation, if there is one, to free its space.
func removeDraft(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
