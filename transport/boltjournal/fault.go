package boltjournal

import (
	"errors"
	"fmt"
	"syscall"

	"chatnode/transport/boltlog"
)

// Why a journal does not open. The first three are those of the embedded log.
var (
	ErrLocked  = boltlog.ErrLocked
	ErrFolder  = boltlog.ErrFolder
	ErrCorrupt = boltlog.ErrCorrupt
	ErrForeign = errors.New("it was not written by this version of chatnode")
)

// openFault makes the sentence for an error of opening the file.
func (j *Journal) openFault(err error) error {
	kind := boltlog.Kind(err)
	switch {
	case errors.Is(err, errDamaged), errors.Is(kind, ErrCorrupt):
		return fmt.Errorf("journal file %s: %w: move it away to start without the writes that it kept for Redis: %w", j.file, ErrCorrupt, err)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("journal file %s: start the version that wrote it until the journal is empty, or move it away: %w", j.file, err)
	case errors.Is(kind, ErrLocked):
		return fmt.Errorf("journal file %s: %w: stop the other chatnode, or give this one a DATA_DIR of its own: %w", j.file, ErrLocked, err)
	case errors.Is(kind, ErrFolder):
		return fmt.Errorf("journal folder %s: %w: make it a folder that this user may write to, or set DATA_DIR to one: %w", j.Path, ErrFolder, err)
	case noSpace(err):
		return fmt.Errorf("journal file %s: no space is left for it: free some, or set DATA_DIR to a larger volume: %w", j.file, err)
	}
	return fmt.Errorf("journal file %s: %w", j.file, err)
}

// commitFault adds to an error of a commit what an operator can do.
func commitFault(err error) error {
	if noSpace(err) {
		return fmt.Errorf("the volume is full, free some space on it: %w", err)
	}
	return err
}

func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
