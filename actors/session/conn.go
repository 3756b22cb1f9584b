package session

import (
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// A Conn is a connection as its edge sees it: what its read loop may call.
type Conn struct{ *fanout.Client }

// Handle hands a decoded command over. It blocks while the session is busy, or the writer has not taken
// its answers, which holds the client back by TCP, and returns ErrStopped once the session has ended: stop
// reading then. What comes of a client that was sent away goes nowhere: it is read for the answer to
// the close frame alone.
func (c Conn) Handle(cmd wire.Command) error {
	if c.IsClosing() {
		return c.Session.StoppedErr()
	}
	c.Touch()
	return c.Session.Inline().WaitPost(&cmd)
}

// Malformed tells the session of a frame that did not decode, and its id where that could be read.
func (c Conn) Malformed(id string, code wire.Code) {
	if c.IsClosing() {
		return
	}
	c.Touch()
	_ = c.Session.Inline().WaitPost(malformedFrame{id, code}) // an ended session has nobody to tell
}

// SendControl queues a complete control frame behind all that was sent before it. The slice is kept. It blocks
// like Receive: a client's pings are answered no faster than the writer takes the pongs.
func (c Conn) SendControl(frame []byte) {
	if c.IsClosing() || c.Session.WaitSlot() != nil {
		return
	}
	c.Answer(frame)
}

// ReaderClosed tells that the read loop has ended, with what. It is called exactly once.
func (c Conn) ReaderClosed(err error) { c.Session.Post(readerClosed{err}) }
