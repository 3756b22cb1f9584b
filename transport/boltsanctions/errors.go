package boltsanctions

import "chatnode/transport/boltlog"

// Why a file does not open: as the embedded log.
var (
	ErrLocked  = boltlog.ErrLocked
	ErrFolder  = boltlog.ErrFolder
	ErrCorrupt = boltlog.ErrCorrupt
	ErrForeign = boltlog.ErrForeign
)

// errDamaged is a record that cannot be read.
var errDamaged = boltlog.ErrDamaged

var naming = boltlog.FileErrors{
	File: "sanctions file", Folder: "sanctions folder", Damaged: "restore it, or move it away to start without bans and mutes",
	Foreign: "start the version that wrote it, or move it away",
}
