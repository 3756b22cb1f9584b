//go:build !linux

package ws

import "syscall"

// write is write(2) on a non-blocking descriptor. p must not be empty.
func write(fd uintptr, p []byte) (int, syscall.Errno) { return slowWrite(fd, p) }
