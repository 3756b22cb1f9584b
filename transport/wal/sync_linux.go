package wal

import (
	"errors"
	"os"
	"syscall"
)

// datasync is fdatasync(2): of the metadata only what is needed to read the data again.
func datasync(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EINTR):
			return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
		}
	}
}
