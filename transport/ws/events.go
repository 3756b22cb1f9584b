package ws

import (
	"errors"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

// events passes the frames that gws has read to their socket. The calls are not deep, because the stack of the reader
// goroutine is most of the memory of a connection.
type events struct{}

var _ gws.Event = events{}

func socketOf(c *gws.Conn) *socket { return (*socket)(c.NetConn().(*gwsConn)) }

// OnOpen implements gws.Event. It does nothing, because the actors have sent the first frame already.
func (events) OnOpen(*gws.Conn) {}

// OnClose implements gws.Event.
func (events) OnClose(c *gws.Conn, err error) { socketOf(c).closeErr.Err = err }

// OnPing implements gws.Event. The pong follows the frames that were sent before it.
func (events) OnPing(c *gws.Conn, payload []byte) { socketOf(c).ping(payload) }

// OnPong implements gws.Event.
func (events) OnPong(c *gws.Conn, _ []byte) { socketOf(c).pong() }

// OnMessage implements gws.Event.
func (events) OnMessage(c *gws.Conn, m *gws.Message) { socketOf(c).message(m) }

func (s *socket) ping(payload []byte) {
	s.handling = true
	s.server.stats.FramesIn.Add(1)
	s.client.Touch()
	s.client.SendControl(wire.SealControl(wire.OpPong, payload))
	s.handling = false
}

func (s *socket) pong() {
	s.handling = true
	s.server.stats.FramesIn.Add(1)
	s.client.Touch()
	s.handling = false
}

// message decodes the message in the reader goroutine and passes it to the session. It first returns the buffer to
// gws, because the session may block.
func (s *socket) message(m *gws.Message) {
	s.handling = true
	s.server.stats.FramesIn.Add(1)
	if m.Opcode != gws.OpcodeText {
		_ = m.Close() // returns a buffer and never fails
		s.malformed("", wire.CodeBadJSON)
	} else {
		s.text(m)
	}
	s.handling = false
}

func (s *socket) text(m *gws.Message) {
	cmd, err := wire.Decode(m.Bytes())
	_ = m.Close() // returns a buffer and never fails
	switch {
	case s.stopReading: // read before the session ended
	case err != nil:
		s.malformed(decodeErrorCode(err))
	default:
		s.stopReading = s.client.Handle(cmd) != nil
	}
}

func (s *socket) malformed(id string, code wire.Code) {
	if !s.stopReading {
		s.client.Malformed(id, code)
	}
}

// decodeErrorCode returns the error code for a frame that did not decode, and the id of its command; empty: unknown.
func decodeErrorCode(err error) (id string, code wire.Code) {
	var bad *wire.Error
	if errors.As(err, &bad) {
		return bad.ID, bad.Code
	}
	return "", wire.CodeBadJSON
}
