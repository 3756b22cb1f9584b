package boltsanctions

import (
	"errors"
	"fmt"

	"chatnode/transport/boltlog"
)

// Why a file does not open. The first three are those of the embedded log.
var (
	ErrLocked  = boltlog.ErrLocked
	ErrFolder  = boltlog.ErrFolder
	ErrCorrupt = boltlog.ErrCorrupt
	ErrForeign = errors.New("it was not written by this version of chatnode")
)

// openFault makes the sentence for an error of opening the file.
func (s *Store) openFault(err error) error {
	kind := boltlog.Kind(err)
	switch {
	case errors.Is(err, errDamaged), errors.Is(kind, ErrCorrupt):
		return fmt.Errorf("sanctions file %s: %w: restore it, or move it away to start without bans and mutes: %w", s.file, ErrCorrupt, err)
	case errors.Is(err, ErrForeign):
		return fmt.Errorf("sanctions file %s: start the version that wrote it, or move it away: %w", s.file, err)
	case errors.Is(kind, ErrLocked):
		return fmt.Errorf("sanctions file %s: %w: stop the other chatnode, or give this one a DATA_DIR of its own: %w", s.file, ErrLocked, err)
	case errors.Is(kind, ErrFolder):
		return fmt.Errorf("sanctions folder %s: %w: make it a folder that this user may write to, or set DATA_DIR to one: %w", s.Path, ErrFolder, err)
	}
	return fmt.Errorf("sanctions file %s: %w", s.file, err)
}
