package ws

import (
	"errors"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

// events hands what gws has read to the socket it was read from. The calls are kept shallow: the
// read goroutine's stack is most of what a connection costs.
type events struct{}

var _ gws.Event = events{}

func socketOf(c *gws.Conn) *socket { return (*socket)(c.NetConn().(*gwsConn)) }

// OnOpen implements gws.Event: the actors have greeted the client already.
func (events) OnOpen(*gws.Conn) {}

// OnClose implements gws.Event.
func (events) OnClose(c *gws.Conn, err error) { socketOf(c).end.Cause = err }

// OnPing implements gws.Event: the pong goes behind what was sent before it.
func (events) OnPing(c *gws.Conn, payload []byte) { socketOf(c).ping(payload) }

// OnPong implements gws.Event.
func (events) OnPong(c *gws.Conn, _ []byte) { socketOf(c).pong() }

// OnMessage implements gws.Event.
func (events) OnMessage(c *gws.Conn, m *gws.Message) { socketOf(c).message(m) }

func (s *socket) ping(payload []byte) {
	s.handling = true
	s.edge.stats.FramesIn.Add(1)
	s.client.Touch()
	s.client.SendControl(wire.SealControl(wire.OpPong, payload))
	s.handling = false
}

func (s *socket) pong() {
	s.handling = true
	s.edge.stats.FramesIn.Add(1)
	s.client.Touch()
	s.handling = false
}

// message decodes in the read goroutine and hands over what it is. The buffer of gws is given back
// before the session may block.
func (s *socket) message(m *gws.Message) {
	s.handling = true
	s.edge.stats.FramesIn.Add(1)
	if m.Opcode != gws.OpcodeText {
		_ = m.Close() // it gives a buffer back and cannot fail
		s.malformed("", wire.CodeBadJSON)
	} else {
		s.text(m)
	}
	s.handling = false
}

func (s *socket) text(m *gws.Message) {
	cmd, err := wire.Decode(m.Bytes())
	_ = m.Close() // it gives a buffer back and cannot fail
	switch {
	case s.stopped: // what was read ahead of the session's end
	case err != nil:
		s.malformed(decodeErrorCode(err))
	default:
		s.stopped = s.client.Handle(cmd) != nil
	}
}

func (s *socket) malformed(id string, code wire.Code) {
	if !s.stopped {
		s.client.Malformed(id, code)
	}
}

// decodeErrorCode is what the client is told of a frame that did not decode, under its id where that
// could be read.
func decodeErrorCode(err error) (id string, code wire.Code) {
	var bad *wire.Error
	if errors.As(err, &bad) {
		return bad.ID, bad.Code
	}
	return "", wire.CodeBadJSON
}
