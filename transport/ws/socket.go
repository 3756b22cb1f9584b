package ws

import (
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
)

// socket is one upgraded connection. Its methods are the writing side, which the actors own; the tap
// is its reading side, which belongs to the read goroutine.
type socket struct {
	conn   net.Conn
	edge   *Edge
	client Client  // set before the read goroutine starts
	try    attempt // without a connection: every write goes through Write (TLS)

	greeting   *greeting // until the upgrade is done
	answer     []byte    // to the handshake, until the first write takes it along
	ip         netip.Addr
	prev, next *socket // guarded by slots.mu

	closed     atomic.Bool                   // Close has begun
	shut       atomic.Bool                   // Close has done its work
	done       atomic.Pointer[chan struct{}] // of a reader that waits for shut
	compressed bool

	// Of the read goroutine.
	handling bool  // in a call to the client
	stopped  bool  // the session wants nothing more
	lost     bool  // reading failed
	end      Ended // how it ended, as far as it is known
}

var _ chat.Socket = (*socket)(nil)

func newSocket(e *Edge, conn net.Conn, v *visitor) (*socket, error) {
	s := &socket{conn: conn, edge: e, greeting: v.greeting, ip: v.ip, compressed: v.greeting.deflate}
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := s.try.begin(tcp); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// TryWrite implements actors.Socket: one write(2) that does not wait. Of a TLS connection it takes
// nothing: half a record cannot be left standing.
func (s *socket) TryWrite(p []byte) (int, error) {
	if s.try.conn == nil {
		if s.closed.Load() {
			return 0, net.ErrClosed
		}
		return 0, nil
	}
	if s.answer != nil {
		n, err := s.try.write(append(s.answer, p...))
		return s.answered(n), err
	}
	return s.try.write(p)
}

// Write implements actors.Socket.
func (s *socket) Write(p []byte) (int, error) {
	if s.answer != nil {
		n, err := s.conn.Write(append(s.answer, p...))
		return s.answered(n), err
	}
	return s.conn.Write(p)
}

// answered forgets what has been written of the answer to the handshake, and is how much of the n bytes
// came after it. A client that connects costs one write this way: 101, connected and often joined.
func (s *socket) answered(n int) int {
	if n < len(s.answer) {
		s.answer = s.answer[n:]
		return 0
	}
	n -= len(s.answer)
	s.answer = nil
	return n
}

// Deadline implements actors.Socket. It does not bound TryWrite, which never waits.
func (s *socket) Deadline(ms int64) {
	if s.closed.Load() {
		return // Close has ended all waiting
	}
	t := time.Time{}
	if ms != 0 {
		t = time.UnixMilli(ms)
	}
	_ = s.conn.SetWriteDeadline(t) // it fails only on a closed connection, as the write will
	if s.closed.Load() {
		_ = s.conn.SetWriteDeadline(time.Unix(1, 0))
	}
}

// Close implements actors.Socket: nothing more is written, writes and reads that wait end at once, and
// the client sees the end behind what was written. The read goroutine gives the descriptor back.
func (s *socket) Close() {
	if s.closed.Swap(true) {
		return
	}
	_ = s.conn.SetDeadline(time.Unix(1, 0)) // it fails only on a closed connection: nothing waits
	if tcp, ok := s.conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite() // a connection that is broken needs no end
	}
	s.shut.Store(true)
	if done := s.done.Load(); done != nil {
		close(*done)
	}
}

// Compressed says whether the client takes frames that Edge.Deflate made.
func (s *socket) Compressed() bool { return s.compressed }
