package ws

import (
	"crypto/tls"
	"io"
	"time"
)

const (
	// closeGrace is how long the actors may take to close the socket of a client that is gone. It
	// is longer than they ever take; without it a fault of theirs would cost a slot.
	closeGrace = 15 * time.Second
	// drainGrace is how long a client may take to close its side after we have closed ours. To
	// close a descriptor with unread bytes resets the connection, and the close frame that says
	// why would be lost on its way.
	drainGrace = time.Second
)

// linger waits until the actors have written their last and closed the socket, then reads what the
// client still sends and forgets it, until the client closes too.
func (s *socket) linger() {
	s.awaitClose(closeGrace)
	until := time.Now().Add(drainGrace)
	_ = s.conn.SetDeadline(until) // on a broken connection the read below fails at once
	if c, ok := s.conn.(*tls.Conn); ok {
		_ = c.CloseWrite() // what fails here fails below
	}
	_, _ = io.Copy(io.Discard, s.conn) // any end of it is the end
}

// awaitClose waits for Close, and calls it itself when that does not come.
func (s *socket) awaitClose(grace time.Duration) {
	done := make(chan struct{})
	s.done.Store(&done)
	if s.closeDone.Load() { // it came before; whether it saw done does not matter
		return
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		s.edge.opt.Log.Warn().Dur("after", grace).Msg("socket close timed out")
		s.Close()
	}
}

// release closes the descriptor, whatever happened before.
func (s *socket) release() {
	s.closed.Store(true)
	_ = s.conn.Close() // both sides are done with it
}
