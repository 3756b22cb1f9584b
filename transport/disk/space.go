package disk

import (
	"errors"
	"syscall"
)

// IsFull reports whether err is caused by a full volume or an exhausted disk quota.
func IsFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
