package ws

import (
	"syscall"
	"unsafe"
)

// maxRawWrite is the longest write, in bytes, that bypasses the scheduler. This saves 10 to 20 % of a small write.
// Scheduler and garbage collector can wait for a write without blocking, because the copy of maxRawWrite takes about
// 20 µs.
const maxRawWrite = 64 << 10

// write is write(2) on a non-blocking descriptor. p must not be empty.
func write(fd uintptr, p []byte) (int, syscall.Errno) {
	if len(p) > maxRawWrite {
		return slowWrite(fd, p)
	}
	n, _, errno := syscall.RawSyscall(syscall.SYS_WRITE, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	return int(n), errno
}
