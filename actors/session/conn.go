package session

import (
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// Conn is a connection as its reader sees it. The methods are called from the reader's goroutine. After the connection
// is closed by the node, they drop all frames, because the reader only waits for the close frame of the client.
type Conn struct{ *fanout.Client }

// Handle passes a command to the session. It blocks while the session is busy, or while the writer has not accepted
// its answers, which limits the client by TCP. It returns ErrStopped if the session has ended; the reader must stop
// then.
func (c Conn) Handle(cmd wire.Command) error {
	if c.IsClosing() {
		return c.Session.StoppedErr()
	}
	c.Touch()
	return c.Session.Inline().WaitPost(&cmd)
}

// Malformed reports a frame that could not be decoded, with its id if that was decoded. It blocks like Handle.
func (c Conn) Malformed(id string, code wire.Code) {
	if c.IsClosing() {
		return
	}
	c.Touch()
	_ = c.Session.Inline().WaitPost(&malformedFrame{id, code}) // fails only if the session has ended
}

// SendControl queues a complete control frame after all frames sent before, and keeps the slice. It blocks like
// Handle, so the pings of a client are answered only as fast as the writer accepts the pongs.
func (c Conn) SendControl(frame []byte) {
	if c.IsClosing() || c.Session.WaitSlot() != nil {
		return
	}
	c.Answer(frame)
}

// ReaderClosed reports that the reader has ended with err. It must be called exactly once.
func (c Conn) ReaderClosed(err error) { c.Session.Post(&readerClosed{err}) }
