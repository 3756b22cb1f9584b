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
	defer s.edge.slots.remove(s)
	defer s.release()
	s.read(conn)
	s.client.ReaderClosed(s.closeError())
	s.linger()
}

// read is the read loop. gws recovers nothing here, so that a panic ends this connection and no other.
func (s *socket) read(conn *gws.Conn) {
	defer s.recoverPanic()
	conn.ReadLoop()
}

// recoverPanic turns a panic of the read loop into the end of the connection. gws itself panics at a
// frame whose 64-bit length is negative: that is the client's fault and not worth a line.
func (s *socket) recoverPanic() {
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

// closeError counts how the read loop ended and puts it into words.
func (s *socket) closeError() *CloseError {
	var shut *gws.CloseError
	switch {
	case s.end.How == EndClosed && errors.As(s.end.Cause, &shut):
		s.end.Code = shut.Code
	case s.end.How == CauseLost && (s.stopped || s.closed.Load()):
		s.end.How = EndStopped
	}
	s.edge.stats.Ended[s.end.How].Add(1)
	end := s.end
	return &end
}
