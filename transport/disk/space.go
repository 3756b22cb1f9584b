package disk

import (
	"errors"
	"syscall"
)

// IsFull reports whether err says that the volume is full or the disk quota is used up.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
