package ws

import (
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"time"
)

// nonblockingWriter makes one non-blocking write(2) at a time on a TCP connection. The function for RawConn.Write is
// created once, and its arguments and results are fields, so that a write allocates nothing.
type nonblockingWriter struct {
	conn    *net.TCPConn
	raw     syscall.RawConn
	tryOnce func(fd uintptr) (done bool)
	p       []byte
	n       int
	errno   syscall.Errno
}

// init prepares the writer for conn.
func (w *nonblockingWriter) init(conn *net.TCPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return fmt.Errorf("get raw connection: %w", err)
	}
	w.conn, w.raw = conn, raw
	w.tryOnce = w.writeOnce
	return nil
}

// write writes as much of p as the socket accepts without blocking. n < len(p) without an error means that the socket
// is full.
func (w *nonblockingWriter) write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	w.p = p
	err := w.raw.Write(w.tryOnce)
	if err != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = w.retryAfterDeadline()
	}
	w.p = nil
	switch {
	case err != nil:
		return 0, fmt.Errorf("write to socket: %w", err)
	case w.errno != 0:
		return 0, os.NewSyscallError("write", w.errno)
	}
	return w.n, nil
}

// retryAfterDeadline retries after it has removed an expired deadline of an outbox.
func (w *nonblockingWriter) retryAfterDeadline() error {
	if err := w.conn.SetWriteDeadline(time.Time{}); err != nil {
		return err
	}
	return w.raw.Write(w.tryOnce)
}

// writeOnce always returns true, because RawConn would wait for a full socket otherwise.
func (w *nonblockingWriter) writeOnce(fd uintptr) bool {
	for {
		w.n, w.errno = write(fd, w.p)
		if w.errno == 0 {
			return true
		}
		if w.errno == syscall.EINTR {
			continue
		}
		if w.errno == syscall.EAGAIN {
			w.errno = 0
		}
		w.n = 0
		return true
	}
}

// slowWrite is a write that lets the scheduler reuse the processor during the system call.
func slowWrite(fd uintptr, p []byte) (int, syscall.Errno) {
	n, err := syscall.Write(int(fd), p)
	if err == nil {
		return n, 0
	}
	var errno syscall.Errno
	errors.As(err, &errno) // syscall.Write returns no other kind
	return 0, errno
}
