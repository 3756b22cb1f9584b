package ws

import (
	"errors"
	"runtime/debug"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

// run is the read goroutine: it reads until there is nothing more to read, tells the client, and
// gives the descriptor and the slot back once the actors have closed their side.
func (s *socket) run(conn *gws.Conn) {
	defer s.edge.slots.leave(s)
	defer s.release()
	s.read(conn)
	s.client.Gone(s.ended())
	s.linger()
}

// read is the read loop. gws recovers nothing here, so that a panic ends this connection and no other.
func (s *socket) read(conn *gws.Conn) {
	defer s.survive()
	conn.ReadLoop()
}

// survive turns a panic of the read loop into the end of the connection. gws itself panics at a
// frame whose 64-bit length is negative: that is the client's fault and not worth a line.
func (s *socket) survive() {
	v := recover()
	switch {
	case v == nil:
	case s.handling:
		s.edge.stats.Panics.Add(1)
		s.edge.opt.Log.Error().Interface("panic", v).Bytes("stack", debug.Stack()).Msg("connection reader panicked")
		s.fail(EndPanic, wire.CloseInternal, "")
	default:
		s.fail(EndProtocol, closeProtocol, "protocol error")
	}
}

// ended counts how the read loop ended and puts it into words.
func (s *socket) ended() *Ended {
	var shut *gws.CloseError
	switch {
	case s.end.How == EndClosed && errors.As(s.end.Cause, &shut):
		s.end.Code = shut.Code
	case s.end.How == EndLost && (s.stopped || s.closed.Load()):
		s.end.How = EndStopped
	}
	s.edge.stats.Ended[s.end.How].Add(1)
	end := s.end
	return &end
}
