package fanout

import (
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// JoinSlots is the number of slots of the session's mailbox that a join holds until it is answered. It is more than 1,
// because the answer is long.
const JoinSlots = 4

// Client is one connection. Its methods are safe for concurrent use. The exported fields do not change after Attach.
type Client struct {
	Socket      chat.Socket
	Session     *process.Process
	Writer      *process.Process
	Compressed  bool // accepts compressed frames
	WriterIndex int  // index of Writer in the list of writers
	UserID      string
	lastSeen    atomic.Int64 // uptime of the system in s when the client sent its last frame
	closing     atomic.Bool  // Close was called
	out         output
}

// output is the state of a client that belongs to its writer.
type output struct {
	index       int // in Writer.Clients
	memberships []membership
	frames      []byte  // frames of this turn for this client only; nil: none
	buffered    bool    // frames is a buffer of the writer, not a shared frame
	outbox      *outbox // nil: the writer writes to the socket
	closeAt     int64   // uptime in s at which the socket is closed if the client has not closed it; 0: open
	detached    bool    // the reader has ended: nothing is written
}

// ended reports whether the close frame was queued or the reader has ended. No more frames are accepted.
func (s *output) ended() bool { return s.detached || s.closeAt != 0 }

// Attach adds the client to its writer.
func (c *Client) Attach() { c.Writer.Post((*attachClient)(c)) }

// Detach removes the client from its writer, which closes the socket. The client must not be used for frames after it.
func (c *Client) Detach() { c.Writer.Post((*detachClient)(c)) }

// Touch records that the client sent a frame.
func (c *Client) Touch() {
	now := c.Session.Sys.UptimeSeconds()
	if c.lastSeen.Load() != now {
		c.lastSeen.Store(now)
	}
}

// Answer queues the sealed answer to a command that holds a slot of the session's mailbox. The writer frees the slot,
// so the number of queued answers is limited by the capacity of that mailbox.
func (c *Client) Answer(frame []byte) { c.Writer.Post(&SendFrame{Client: c, Frame: frame}) }

// Send queues a sealed frame for this client only. It takes the slot that Answer frees.
func (c *Client) Send(frame []byte) {
	c.Session.TakeSlots(1)
	c.Answer(frame)
}

// AnswerError is Answer with an error frame. A nil client is ignored.
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

// Close closes the connection with a close code, after all frames queued before. Later frames of the client are
// ignored, because the client may not answer the close frame and continue to send.
func (c *Client) Close(code uint16, reason string) {
	if !c.closing.Swap(true) {
		c.Writer.Post(&closeClient{c, code, reason})
	}
}

// IsClosing reports whether Close was called.
func (c *Client) IsClosing() bool { return c.closing.Load() }
