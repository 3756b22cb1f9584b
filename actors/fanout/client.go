package fanout

import (
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// A Client is one connection, as its edge and its writer see it. What the edge may call is safe
// from the connection's read goroutine; the rest belongs to the writer.
type Client struct {
	Socket     chat.Socket
	Session    *process.Process
	Writer     *process.Process
	Compressed bool // it takes compressed frames
	Lane       int  // which writer, an index into Core.writers
	UserID     string
	seen       atomic.Int64 // s of the system's life at the last sign of the client's
	Over       atomic.Bool  // sent away: what still comes is not listened to
	wire       writeState   // the writer's
}

// Alive notes a sign of life.
func (c *Client) Alive() {
	now := c.Session.Sys.Seconds()
	if c.seen.Load() != now {
		c.seen.Store(now)
	}
}

// answer queues what became of a command that holds a slot of the session's mailbox. The writer gives the
// slot back when it takes the frame: what waits for it is bounded by the mailbox of who asked.
func (c *Client) Answer(frame []byte) { c.Writer.Post(&Unicast{Client: c, Frame: frame}) }

// send queues a sealed frame for this client alone, as an answer to what holds no slot yet.
func (c *Client) Send(frame []byte) {
	c.Session.Hold(1)
	c.Answer(frame)
}

// cut closes the connection with a close code, behind all that was sent before. From now on nothing is
// taken from the client: it may leave the close frame unanswered and go on.
func (c *Client) Cut(code uint16, reason string) {
	if !c.Over.Swap(true) {
		c.Writer.Post(&cut{c, code, reason})
	}
}

func AnswerError(c *Client, id string, code wire.Code) {
	if c == nil {
		return
	}
	var wait time.Duration
	if code.Retry() {
		wait = time.Second
	}
	c.Answer(Seal(wire.AppendError(Begin(), id, code, wait.Milliseconds())))
}
