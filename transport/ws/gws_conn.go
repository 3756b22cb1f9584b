package ws

import (
	"errors"
	"net"
	"time"
)

// gwsConn is the socket as gws uses it. gws reads from it. Frames that gws writes after the upgrade go to the actors,
// and Close does nothing, because the actors close the socket.
type gwsConn socket

var _ net.Conn = (*gwsConn)(nil)

var errStopped = errors.New("session ended")

// Read reads from the connection until the session has ended.
func (c *gwsConn) Read(p []byte) (int, error) {
	if c.stopReading {
		return 0, errStopped
	}
	n, err := c.conn.Read(p)
	c.server.stats.BytesIn.Add(uint64(n))
	if err != nil {
		c.readFailed = true
	}
	return n, err
}

// Write stores the 101 response for the first write of the actors. After the upgrade it passes the frames to
// onGWSWrite. gws writes each of them with one call.
func (c *gwsConn) Write(frame []byte) (int, error) {
	if c.response != nil {
		c.handshakeBytes = c.response.build(frame)
		return len(frame), nil
	}
	(*socket)(c).onGWSWrite(frame)
	return len(frame), nil
}

// Close closes the connection only during the upgrade.
func (c *gwsConn) Close() error {
	if c.response != nil {
		return c.conn.Close()
	}
	return nil
}

// SetDeadline ignores the deadline of the 101 response, which does not wait.
func (c *gwsConn) SetDeadline(d time.Time) error {
	if c.response != nil {
		return nil
	}
	return c.conn.SetDeadline(d)
}

func (c *gwsConn) LocalAddr() net.Addr                { return c.conn.LocalAddr() }
func (c *gwsConn) RemoteAddr() net.Addr               { return c.conn.RemoteAddr() }
func (c *gwsConn) SetReadDeadline(d time.Time) error  { return c.conn.SetReadDeadline(d) }
func (c *gwsConn) SetWriteDeadline(d time.Time) error { return c.conn.SetWriteDeadline(d) }
