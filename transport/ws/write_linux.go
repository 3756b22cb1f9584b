package ws

import (
	"syscall"
	"unsafe"
)

// maxRawWrite is the longest write that is made without telling the scheduler, in bytes. Not to tell it
// saves 10 to 20 % of a small write, and a write that does not wait is over soon: the copy of this
// much takes some 20 µs, for which the scheduler and the garbage collector can wait.
const maxRawWrite = 64 << 10

// write is write(2) on a non-blocking descriptor; p is not empty.
func write(fd uintptr, p []byte) (int, syscall.Errno) {
	if len(p) > maxRawWrite {
		return slowWrite(fd, p)
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return int(n), errno
}
