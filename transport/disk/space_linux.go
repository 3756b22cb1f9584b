package disk

import (
	"os"
	"syscall"
)

// FreeSpace returns the bytes that this user may still write to the volume of the folder.
func FreeSpace(folder string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, &os.PathError{Op: "statfs", Path: folder, Err: err}
	}
	return int64(s.Bavail) * s.Bsize, nil
}
