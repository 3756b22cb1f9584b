package ws

import (
	"crypto/tls"
	"io"
	"time"
)

const (
	// closeGrace is the time in which the actors must close the socket after its reader has ended. It is longer than
	// they need. Without this limit, a bug in the actors would leak a connection slot.
	closeGrace = 15 * time.Second
	// drainGrace is the time in which a client must close its side after the server has closed its own. Closing a
	// descriptor with unread bytes would reset the connection, and the client could lose the close frame.
	drainGrace = time.Second
)

// linger waits until the actors have written their last frame and closed the socket. Then it reads and discards the
// data of the client until the client closes, too.
func (s *socket) linger() {
	s.awaitClose(closeGrace)
	until := time.Now().Add(drainGrace)
	_ = s.conn.SetDeadline(until) // on a failed connection the read below fails at once
	if c, ok := s.conn.(*tls.Conn); ok {
		_ = c.CloseWrite() // if this fails, the read below fails, too
	}
	_, _ = io.Copy(io.Discard, s.conn) // any error ends the connection
}

// awaitClose waits for Close, and calls it after the grace period.
func (s *socket) awaitClose(grace time.Duration) {
	done := make(chan struct{})
	s.done.Store(&done)
	if s.closeDone.Load() { // Close has run; it may have missed done
		return
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		s.server.opt.Log.Warn().Dur("after", grace).Msg("socket close timed out")
		s.Close()
	}
}

// release closes the descriptor.
func (s *socket) release() {
	s.closed.Store(true)
	_ = s.conn.Close() // reader and actors have ended
}
