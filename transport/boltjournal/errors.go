package boltjournal

import (
	"fmt"

	"chatnode/transport/boltlog"
)

// Why a journal does not open: as the embedded log.
var (
	ErrLocked  = boltlog.ErrLocked
	ErrFolder  = boltlog.ErrFolder
	ErrCorrupt = boltlog.ErrCorrupt
	ErrForeign = boltlog.ErrForeign
)

// errDamaged says that bytes of the file are not what was written.
var errDamaged = boltlog.ErrDamaged

var naming = boltlog.FileErrors{
	File: "journal file", Folder: "journal folder", Damaged: "move it away to start without the writes that it kept for Redis",
	Foreign: "start the version that wrote it until the journal is empty, or move it away",
}

// commitFault adds to an error of a commit what an operator can do.
func commitFault(err error) error {
	if boltlog.NoSpace(err) {
		return fmt.Errorf("the volume is full, free some space on it: %w", err)
	}
	return err
}
