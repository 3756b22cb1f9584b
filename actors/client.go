package actors

import (
	"sync/atomic"

	"chatnode/actors/wire"
)

// An Arrival is a connection that was upgraded and now asks to be served.
type Arrival struct {
	Socket   Socket
	Identity Identity
	Room     string        // joined at once; empty: DefaultRoom
	Since    wire.Position // where to resume in Room, if HasSince
	HasSince bool
	RemoteIP string
}

// A Client is one connection, as its edge and its writer see it. What the edge may call is safe
// from the connection's read goroutine; the rest belongs to the writer.
type Client struct {
	socket     Socket
	session    *Process
	writer     *Process
	compressed bool // it takes compressed frames
	lane       int  // which writer, an index into Core.writers
	userID     string
	seen       atomic.Int64 // s of the system's life at the last sign of the client's
	wire       writeState   // the writer's
}

// Receive hands a decoded command over. It blocks while the session is busy, which holds the
// client back by TCP, and returns ErrStopped once the session has ended: stop reading then.
func (c *Client) Receive(cmd wire.Command) error {
	c.Alive()
	return c.session.WaitHere(&cmd)
}

// Malformed tells the session of a frame that did not decode, and its id where that could be read.
func (c *Client) Malformed(id string, code wire.Code) {
	c.Alive()
	_ = c.session.WaitHere(malformed{id, code}) // an ended session has nobody to tell
}

// Alive notes a sign of life.
func (c *Client) Alive() {
	now := c.session.sys.seconds()
	if c.seen.Load() != now {
		c.seen.Store(now)
	}
}

// Control queues a complete control frame behind all that was sent before it. The slice is kept.
func (c *Client) Control(frame []byte) { c.writer.Post(&unicast{client: c, frame: frame}) }

// Gone tells that the read loop has ended, with what. It is called exactly once.
func (c *Client) Gone(err error) { c.session.Post(gone{err}) }

// answer sends what became of a command that holds a slot of the session's mailbox, and gives the slot back.
func (c *Client) answer(frame []byte) {
	c.send(frame)
	c.session.Release(1)
}

// send queues a sealed frame for this client alone.
func (c *Client) send(frame []byte) { c.writer.Post(&unicast{client: c, frame: frame}) }

// cut closes the connection with a close code, behind all that was sent before.
func (c *Client) cut(code uint16, reason string) { c.writer.Post(&cut{c, code, reason}) }
