package disk

import (
	"errors"
	"os"
	"syscall"
)

// SyncData makes the data of the file durable with fdatasync(2), and only the metadata that reading the data needs.
func SyncData(f *os.File) error {
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
