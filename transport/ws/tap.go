package ws

import (
	"errors"
	"net"
	"time"
)

// gwsConn is the socket as gws sees it. gws reads from it; what it writes after the upgrade goes to the
// actors, and its Close does nothing, because the actors close the socket.
type gwsConn socket

var _ net.Conn = (*gwsConn)(nil)

var errStopped = errors.New("the session has ended")

// Read reads from the connection until the session wants nothing more.
func (t *gwsConn) Read(p []byte) (int, error) {
	if t.stopped {
		return 0, errStopped
	}
	n, err := t.conn.Read(p)
	t.edge.stats.BytesIn.Add(uint64(n))
	if err != nil {
		t.readFailed = true
	}
	return n, err
}

// Write keeps the answer to the handshake for the first write of the actors, and catches the frames.
// Each comes in one piece.
func (t *gwsConn) Write(frame []byte) (int, error) {
	if t.greeting != nil {
		t.handshakeBytes = t.greeting.build(frame)
		return len(frame), nil
	}
	(*socket)(t).onGWSWrite(frame)
	return len(frame), nil
}

// Close passes on only while the upgrade is under way.
func (t *gwsConn) Close() error {
	if t.greeting != nil {
		return t.conn.Close()
	}
	return nil
}

// SetDeadline is not passed on for the answer to the handshake, which does not wait.
func (t *gwsConn) SetDeadline(d time.Time) error {
	if t.greeting != nil {
		return nil
	}
	return t.conn.SetDeadline(d)
}

func (t *gwsConn) LocalAddr() net.Addr                { return t.conn.LocalAddr() }
func (t *gwsConn) RemoteAddr() net.Addr               { return t.conn.RemoteAddr() }
func (t *gwsConn) SetReadDeadline(d time.Time) error  { return t.conn.SetReadDeadline(d) }
func (t *gwsConn) SetWriteDeadline(d time.Time) error { return t.conn.SetWriteDeadline(d) }
