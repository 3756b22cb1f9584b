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
	Socket      chat.Socket
	Session     *process.Process
	Writer      *process.Process
	Compressed  bool // it takes compressed frames
	WriterIndex int  // which writer, an index into Core.writers
	UserID      string
	lastSeen    atomic.Int64 // s of the system's life at the last sign of the client's
	Closing     atomic.Bool  // sent away: what still comes is not listened to
	out         clientOut    // the writer's
}

// Touch notes a sign of life.
func (c *Client) Touch() {
	now := c.Session.Sys.UptimeSeconds()
	if c.lastSeen.Load() != now {
		c.lastSeen.Store(now)
	}
}

// Answer queues what became of a command that holds a slot of the session's mailbox. The writer gives the
// slot back when it takes the frame: what waits for it is bounded by the mailbox of who asked.
func (c *Client) Answer(frame []byte) { c.Writer.Post(&SendFrame{Client: c, Frame: frame}) }

// Send queues a sealed frame for this client alone, as an answer to what holds no slot yet.
func (c *Client) Send(frame []byte) {
	c.Session.TakeSlots(1)
	c.Answer(frame)
}

// Close closes the connection with a close code, behind all that was sent before. From now on nothing is
// taken from the client: it may leave the close frame unanswered and go on.
func (c *Client) Close(code uint16, reason string) {
	if !c.Closing.Swap(true) {
		c.Writer.Post(&closeClient{c, code, reason})
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
