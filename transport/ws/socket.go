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
	edge   *Server
	client Client            // set before the read goroutine starts
	writer nonblockingWriter // without a connection: every write goes through Write (TLS)

	greeting       *upgradeResponse // until the upgrade is done
	handshakeBytes []byte           // to the handshake, until the first write takes it along
	ip             netip.Addr
	prev, next     *socket // guarded by slots.mu

	closed     atomic.Bool                   // Close has begun
	closeDone  atomic.Bool                   // Close has done its work
	done       atomic.Pointer[chan struct{}] // of a reader that waits for shut
	compressed bool

	// Of the read goroutine.
	handling   bool       // in a call to the client
	stopped    bool       // the session wants nothing more
	readFailed bool       // reading failed
	end        CloseError // how it ended, as far as it is known
}

var _ chat.Socket = (*socket)(nil)

func newSocket(e *Server, conn net.Conn, v *admittedRequest) (*socket, error) {
	s := &socket{conn: conn, edge: e, greeting: v.greeting, ip: v.ip, compressed: v.greeting.deflate}
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := s.writer.init(tcp); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// TryWrite implements actors.Socket: one write(2) that does not wait. Of a TLS connection it takes
// nothing: half a record cannot be left standing.
func (s *socket) TryWrite(p []byte) (int, error) {
	if s.writer.conn == nil {
		if s.closed.Load() {
			return 0, net.ErrClosed
		}
		return 0, nil
	}
	if s.handshakeBytes != nil {
		n, err := s.writer.write(append(s.handshakeBytes, p...))
		return s.trimHandshake(n), err
	}
	return s.writer.write(p)
}

// Write implements actors.Socket.
func (s *socket) Write(p []byte) (int, error) {
	if s.handshakeBytes != nil {
		n, err := s.conn.Write(append(s.handshakeBytes, p...))
		return s.trimHandshake(n), err
	}
	return s.conn.Write(p)
}

// trimHandshake forgets what has been written of the answer to the handshake, and is how much of the n bytes
// came after it. A client that connects costs one write this way: 101, connected and often joined.
func (s *socket) trimHandshake(n int) int {
	if n < len(s.handshakeBytes) {
		s.handshakeBytes = s.handshakeBytes[n:]
		return 0
	}
	n -= len(s.handshakeBytes)
	s.handshakeBytes = nil
	return n
}

// SetWriteDeadline implements actors.Socket. It does not bound TryWrite, which never waits.
func (s *socket) SetWriteDeadline(ms int64) {
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
	s.closeDone.Store(true)
	if done := s.done.Load(); done != nil {
		close(*done)
	}
}

// Compressed says whether the client takes frames that Edge.Deflate made.
func (s *socket) Compressed() bool { return s.compressed }
