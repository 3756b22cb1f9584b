package wal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// create makes a segment of its first size, and its name durable. It gets the name once it is
// whole: a kill leaves nothing that is half a segment.
func create(path string, h header, size int64) error {
	draft := path + ".new"
	if err := writeDraft(draft, h, size); err != nil {
		return fmt.Errorf("make it: %w", errors.Join(err, removed(draft)))
	}
	if err := os.Rename(draft, path); err != nil {
		return fmt.Errorf("make it: %w", err)
	}
	return syncFolder(filepath.Dir(path))
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

// removed removes what a failure has left, so that it takes no space; it may not be there.
func removed(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
