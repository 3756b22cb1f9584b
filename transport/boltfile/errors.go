package boltfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"

	"chatnode/transport/disk"
)

// Kinds of errors that prevent a file from opening.
var (
	ErrLocked  = errors.New("locked by another process")
	ErrFolder  = errors.New("folder not usable")
	ErrCorrupt = errors.New("file damaged")
	ErrForeign = errors.New("written by another version of chatnode")
)

// ErrDamaged is the cause of ErrCorrupt: bytes of the file differ from the bytes that were written.
var ErrDamaged = errors.New("record damaged")

// Describe adds the operation, the kind and the remedy to an error of opening the file.
func (f *File) Describe(err error) error {
	switch {
	case isLocked(err):
		return fmt.Errorf("open %s %s: %w: %w; stop the other chatnode, or set another DATA_DIR", f.Name, f.Path, ErrLocked, err)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("open %s %s: %w; %s", f.Name, f.Path, err, f.IfForeign)
	case isDamaged(err):
		return fmt.Errorf("open %s %s: %w: %w; %s", f.Name, f.Path, ErrCorrupt, err, f.IfDamaged)
	case disk.IsFull(err):
		return fmt.Errorf("open %s %s: volume full: %w; free some space, or set DATA_DIR to a larger volume", f.Name, f.Path, err)
	case isUnusable(err):
		return fmt.Errorf("open %s %s: %w: %w; make %s a folder with write permission, or set another DATA_DIR", f.Name, f.Path, ErrFolder, err, filepath.Dir(f.Path))
	}
	return fmt.Errorf("open %s %s: %w", f.Name, f.Path, err)
}

func isLocked(err error) bool { return errors.Is(err, bolterrors.ErrTimeout) }

func isDamaged(err error) bool {
	for _, known := range []error{ErrDamaged, bolterrors.ErrInvalid, bolterrors.ErrChecksum, bolterrors.ErrVersionMismatch, bolterrors.ErrInvalidMapping, bolterrors.ErrIncompatibleValue} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func isUnusable(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR)
}
