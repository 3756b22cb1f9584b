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

// Why a log does not open.
var (
	ErrLocked  = errors.New("another process has it open")
	ErrFolder  = errors.New("the folder cannot be used")
	ErrCorrupt = errors.New("the file is damaged")
)

// errForeign says that the file is sound and somebody else's.
var errForeign = errors.New("it was not written by this version of chatnode")

func (l *Log) folderFault(err error) error {
	return fmt.Errorf("data folder %s: %w: make it a folder that this user may write to, or set DATA_DIR to one: %w", l.Path, ErrFolder, err)
}

// fileFault makes the sentence for an error of opening the file.
func (l *Log) fileFault(err error) error {
	switch {
	case explained(err):
		return err
	case errors.Is(err, bolterrors.ErrTimeout):
		return fmt.Errorf("log file %s: %w: stop the other chatnode, or give this one a DATA_DIR of its own: %w", l.file, ErrLocked, err)
	case errors.Is(err, errForeign):
		return fmt.Errorf("log file %s: %w: move it away, or set DATA_DIR to another folder", l.file, err)
	case damaged(err):
		return fmt.Errorf("log file %s: %w: restore it from a backup, or move it and %s away to begin with an empty history: %w", l.file, ErrCorrupt, walName+"-*.wal", err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return fmt.Errorf("log file %s: no space is left for it: free some, or set DATA_DIR to a larger volume: %w", l.file, err)
	case unusable(err):
		return l.folderFault(err)
	}
	return fmt.Errorf("log file %s: %w", l.file, err)
}

// walFault makes the sentence for an error of opening the write-ahead log.
func (l *Log) walFault(err error) error {
	files := filepath.Join(l.Path, walName+"-*.wal")
	switch {
	case explained(err):
		return err
	case errors.Is(err, wal.ErrForeign):
		return fmt.Errorf("%s: bring back the %s that it belongs to, or move it away: %w", files, fileName, err)
	case errors.Is(err, wal.ErrDamaged):
		return fmt.Errorf("%s: %w: restore it and %s from a backup, or move it away to go on without the newest messages: %w", files, ErrCorrupt, fileName, err)
	}
	return l.fileFault(err)
}

// explained reports whether err is such a sentence already.
func explained(err error) bool {
	return errors.Is(err, ErrLocked) || errors.Is(err, ErrFolder) || errors.Is(err, ErrCorrupt)
}

func damaged(err error) bool {
	for _, known := range []error{errDamaged, bolterrors.ErrInvalid, bolterrors.ErrChecksum, bolterrors.ErrVersionMismatch, bolterrors.ErrInvalidMapping, bolterrors.ErrIncompatibleValue} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func unusable(err error) bool {
	return errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.EISDIR)
}
