package ws

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// nonblockingWriter does one non-blocking write(2) at a time on a TCP connection. The function that
// RawConn.Write calls is made once, and what it needs and finds is kept beside it, so that a write
// allocates nothing.
type nonblockingWriter struct {
	conn  *net.TCPConn
	raw   syscall.RawConn
	once  func(fd uintptr) (done bool)
	p     []byte
	n     int
	errno syscall.Errno
}

// init makes it an attempt on conn.
func (a *nonblockingWriter) init(conn *net.TCPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return fmt.Errorf("reaching the descriptor: %w", err)
	}
	a.conn, a.raw = conn, raw
	a.once = a.writeOnce
	return nil
}

// write writes what the socket takes of p at once. n < len(p) without an error: it is full.
func (a *nonblockingWriter) write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	a.p = p
	err := a.raw.Write(a.once)
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = a.retryAfterDeadline()
	}
	a.p = nil
	switch {
	case err != nil:
		return 0, fmt.Errorf("writing to the socket: %w", err)
	case a.errno != 0:
		return 0, os.NewSyscallError("write", a.errno)
	}
	return a.n, nil
}

// retryAfterDeadline tries again after a deadline that was left over from an outbox.
func (a *nonblockingWriter) retryAfterDeadline() error {
	if err := a.conn.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	return a.raw.Write(a.once)
}

// writeOnce says always that it is done: RawConn would wait for a full socket otherwise.
func (a *nonblockingWriter) writeOnce(fd uintptr) bool {
	for {
		a.n, a.errno = write(fd, a.p)
		switch a.errno {
		case 0:
			return true
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
			a.errno = 0
		}
		a.n = 0
		return true
	}
}

// slowWrite is a write that lets the scheduler use the thread's place meanwhile.
func slowWrite(fd uintptr, p []byte) (int, syscall.Errno) {
	n, err := syscall.Write(int(fd), p)
	if err == nil {
		return n, 0
	}
	var errno syscall.Errno
	errors.As(err, &errno) // syscall.Write returns no other kind
	return 0, errno
}
