package actors

import "sync/atomic"

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

// Alive notes a sign of life.
func (c *Client) Alive() {
	now := c.session.sys.seconds()
	if c.seen.Load() != now {
		c.seen.Store(now)
	}
}

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
