package session

import (
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// A Conn is a connection as its edge sees it: what its read loop may call.
type Conn struct{ *fanout.Client }

// Receive hands a decoded command over. It blocks while the session is busy, or the writer has not taken
// its answers, which holds the client back by TCP, and returns ErrStopped once the session has ended: stop
// reading then. What comes of a client that was sent away goes nowhere: it is read for the answer to
// the close frame alone.
func (c Conn) Receive(cmd wire.Command) error {
	if c.Over.Load() {
		return c.Session.Ended()
	}
	c.Alive()
	return c.Session.WaitHere(&cmd)
}

// Malformed tells the session of a frame that did not decode, and its id where that could be read.
func (c Conn) Malformed(id string, code wire.Code) {
	if c.Over.Load() {
		return
	}
	c.Alive()
	_ = c.Session.WaitHere(malformed{id, code}) // an ended session has nobody to tell
}

// Control queues a complete control frame behind all that was sent before it. The slice is kept. It blocks
// like Receive: a client's pings are answered no faster than the writer takes the pongs.
func (c Conn) Control(frame []byte) {
	if c.Over.Load() || c.Session.Reserve() != nil {
		return
	}
	c.Answer(frame)
}

// Gone tells that the read loop has ended, with what. It is called exactly once.
func (c Conn) Gone(err error) { c.Session.Post(gone{err}) }
