package boltlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"chatnode/transport/wal"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Why a file does not open.
var (
	ErrLocked  = errors.New("another process has it open")
	ErrFolder  = errors.New("the folder cannot be used")
	ErrCorrupt = errors.New("the file is damaged")
	ErrForeign = errors.New("it was not written by this version of chatnode")
)

// A FileErrors is what an operator is told of a file in DATA_DIR that does not open.
type FileErrors struct {
	File    string // such as "log file"
	Folder  string // such as "data folder"
	Damaged string // what to do with a damaged one
	Foreign string // and with another version's
}

var fileErrors = FileErrors{
	"log file", "data folder", "restore it from a backup, or move it and " + walName + "-*.wal away to begin with an empty history",
	"move it away, or set DATA_DIR to another folder",
}

// Describe makes the sentence for an error of opening the file at path. It wraps ErrLocked, ErrFolder, ErrCorrupt or
// ErrForeign where one fits.
func (n *FileErrors) Describe(path string, err error) error {
	switch kind := Kind(err); {
	case isDescribed(err):
		return err
	case errors.Is(kind, ErrLocked):
		return fmt.Errorf("%s %s: %w: stop the other chatnode, or give this one a DATA_DIR of its own: %w", n.File, path, ErrLocked, err)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("%s %s: %s: %w", n.File, path, n.Foreign, err)
	case errors.Is(kind, ErrCorrupt):
		return fmt.Errorf("%s %s: %w: %s: %w", n.File, path, ErrCorrupt, n.Damaged, err)
	case NoSpace(err):
		return fmt.Errorf("%s %s: no space is left for it: free some, or set DATA_DIR to a larger volume: %w", n.File, path, err)
	case errors.Is(kind, ErrFolder):
		return fmt.Errorf("%s %s: %w: make it a folder that this user may write to, or set DATA_DIR to one: %w", n.Folder, filepath.Dir(path), ErrFolder, err)
	}
	return fmt.Errorf("%s %s: %w", n.File, path, err)
}

// walFault makes the sentence for an error of opening the write-ahead log.
func (l *Log) walFault(err error) error {
	files := filepath.Join(l.Path, walName+"-*.wal")
	switch {
	case isDescribed(err):
		return err
	case errors.Is(err, wal.ErrForeign):
		return fmt.Errorf("%s: bring back the %s that it belongs to, or move it away: %w", files, fileName, err)
	case errors.Is(err, wal.ErrDamaged):
		return fmt.Errorf("%s: %w: restore it and %s from a backup, or move it away to go on without the newest messages: %w", files, ErrCorrupt, fileName, err)
	}
	return fileErrors.Describe(l.file, err)
}

// NoSpace reports whether the volume is full.
func NoSpace(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// isDescribed reports whether err is such a sentence already.
func isDescribed(err error) bool {
	return errors.Is(err, ErrLocked) || errors.Is(err, ErrFolder) || errors.Is(err, ErrCorrupt)
}

func damaged(err error) bool {
	for _, known := range []error{ErrDamaged, bolterrors.ErrInvalid, bolterrors.ErrChecksum, bolterrors.ErrVersionMismatch, bolterrors.ErrInvalidMapping, bolterrors.ErrIncompatibleValue} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func unusable(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR)
}
