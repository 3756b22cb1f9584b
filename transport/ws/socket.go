package ws

import (
	"net"
	"net/netip"
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
)

// socket is one upgraded connection. Its methods are the writing side, which the actors use. gwsConn is the reading
// side, which the reader goroutine uses.
type socket struct {
	conn   net.Conn
	server *Server
	client Client            // set before the reader goroutine starts
	writer nonblockingWriter // without a connection if all writes go through Write (TLS)

	response       *upgradeResponse // nil after the upgrade
	handshakeBytes []byte           // 101 response; nil after the first write
	ip             netip.Addr
	prev, next     *socket // guarded by slots.mu

	closed     atomic.Bool                   // Close has started
	closeDone  atomic.Bool                   // Close is complete
	done       atomic.Pointer[chan struct{}] // of a reader that waits for closeDone
	compressed bool

	// Used by the reader goroutine only:
	handling    bool       // in a call to the client
	stopReading bool       // the session has ended
	readFailed  bool       // reading failed
	closeErr    CloseError // as far as it is known
}

var _ chat.Socket = (*socket)(nil)

func newSocket(server *Server, conn net.Conn, v *admittedRequest) (*socket, error) {
	s := &socket{conn: conn, server: server, response: v.response, ip: v.ip, compressed: v.response.deflate}
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := s.writer.init(tcp); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// TryWrite implements chat.Socket with one write(2) that does not block. For a TLS connection it writes nothing,
// because a TLS record cannot be written in part.
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

// Write implements chat.Socket.
func (s *socket) Write(p []byte) (int, error) {
	if s.handshakeBytes != nil {
		n, err := s.conn.Write(append(s.handshakeBytes, p...))
		return s.trimHandshake(n), err
	}
	return s.conn.Write(p)
}

// trimHandshake removes the written part of the 101 response, and returns how many of the n bytes followed it. This
// way a new client needs one write for the 101 response and the first frames.
func (s *socket) trimHandshake(n int) int {
	if n < len(s.handshakeBytes) {
		s.handshakeBytes = s.handshakeBytes[n:]
		return 0
	}
	n -= len(s.handshakeBytes)
	s.handshakeBytes = nil
	return n
}

// SetWriteDeadline implements chat.Socket. It does not affect TryWrite, which never waits.
func (s *socket) SetWriteDeadline(ms int64) {
	if s.closed.Load() {
		return // Close has set a deadline in the past
	}
	t := time.Time{}
	if ms != 0 {
		t = time.UnixMilli(ms)
	}
	_ = s.conn.SetWriteDeadline(t) // fails only on a closed connection, as the write will
	if s.closed.Load() {
		_ = s.conn.SetWriteDeadline(time.Unix(1, 0))
	}
}

// Close implements chat.Socket. It prevents further writes and unblocks pending reads and writes. The client reads
// the written data, then EOF. The reader goroutine closes the descriptor.
func (s *socket) Close() {
	if s.closed.Swap(true) {
		return
	}
	_ = s.conn.SetDeadline(time.Unix(1, 0)) // fails only on a closed connection, where nothing waits
	if tcp, ok := s.conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite() // may fail on a failed connection
	}
	s.closeDone.Store(true)
	if done := s.done.Load(); done != nil {
		close(*done)
	}
}

// Compressed reports whether the client accepts frames of Server.Deflate.
func (s *socket) Compressed() bool { return s.compressed }
