package ws

import (
	"errors"
	"net"
	"time"
)

// tap is the socket as gws sees it. gws reads from it; what it writes after the upgrade goes to the
// actors, and its Close does nothing, because the actors close the socket.
type tap socket

var _ net.Conn = (*tap)(nil)

var errStopped = errors.New("the session has ended")

// Read reads from the connection until the session wants nothing more.
func (t *tap) Read(p []byte) (int, error) {
	if t.stopped {
		return 0, errStopped
	}
	n, err := t.conn.Read(p)
	t.edge.stats.BytesIn.Add(uint64(n))
	if err != nil {
		t.lost = true
	}
	return n, err
}

// Write keeps the answer to the handshake for the first write of the actors, and catches the frames.
// Each comes in one piece.
func (t *tap) Write(frame []byte) (int, error) {
	if t.greeting != nil {
		t.answer = t.greeting.complete(frame)
		return len(frame), nil
	}
	(*socket)(t).caught(frame)
	return len(frame), nil
}

// Close passes on only while the upgrade is under way.
func (t *tap) Close() error {
	if t.greeting != nil {
		return t.conn.Close()
	}
	return nil
}

// SetDeadline is not passed on for the answer to the handshake, which does not wait.
func (t *tap) SetDeadline(d time.Time) error {
	if t.greeting != nil {
		return nil
	}
	return t.conn.SetDeadline(d)
}

func (t *tap) LocalAddr() net.Addr                { return t.conn.LocalAddr() }
func (t *tap) RemoteAddr() net.Addr               { return t.conn.RemoteAddr() }
func (t *tap) SetReadDeadline(d time.Time) error  { return t.conn.SetReadDeadline(d) }
func (t *tap) SetWriteDeadline(d time.Time) error { return t.conn.SetWriteDeadline(d) }
