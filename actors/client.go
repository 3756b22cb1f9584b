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
	over       atomic.Bool  // sent away: what still comes is not listened to
	wire       writeState   // the writer's
}

// Receive hands a decoded command over. It blocks while the session is busy, or the writer has not taken
// its answers, which holds the client back by TCP, and returns ErrStopped once the session has ended: stop
// reading then. What comes of a client that was sent away goes nowhere: it is read for the answer to
// the close frame alone.
func (c *Client) Receive(cmd wire.Command) error {
	if c.over.Load() {
		return c.session.ended()
	}
	c.Alive()
	return c.session.WaitHere(&cmd)
}

// Malformed tells the session of a frame that did not decode, and its id where that could be read.
func (c *Client) Malformed(id string, code wire.Code) {
	if c.over.Load() {
		return
	}
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

// Control queues a complete control frame behind all that was sent before it. The slice is kept. It blocks
// like Receive: a client's pings are answered no faster than the writer takes the pongs.
func (c *Client) Control(frame []byte) {
	if c.over.Load() || c.session.Reserve() != nil {
		return
	}
	c.answer(frame)
}

// Gone tells that the read loop has ended, with what. It is called exactly once.
func (c *Client) Gone(err error) { c.session.Post(gone{err}) }

// answer queues what became of a command that holds a slot of the session's mailbox. The writer gives the
// slot back when it takes the frame: what waits for it is bounded by the mailbox of who asked.
func (c *Client) answer(frame []byte) { c.writer.Post(&unicast{client: c, frame: frame}) }

// send queues a sealed frame for this client alone, as an answer to what holds no slot yet.
func (c *Client) send(frame []byte) {
	c.session.Hold(1)
	c.answer(frame)
}

// cut closes the connection with a close code, behind all that was sent before. From now on nothing is
// taken from the client: it may leave the close frame unanswered and go on.
func (c *Client) cut(code uint16, reason string) {
	if !c.over.Swap(true) {
		c.writer.Post(&cut{c, code, reason})
	}
}
