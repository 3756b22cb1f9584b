package ws

import (
	"errors"
	"runtime/debug"

	"github.com/lxzan/gws"

	"chatnode/actors/wire"
)

// run is the reader goroutine. It reads until the end, notifies the client, and frees descriptor and slot after the
// actors have closed their side.
func (s *socket) run(conn *gws.Conn) {
	defer s.server.slots.remove(s)
	defer s.release()
	s.read(conn)
	s.client.ReaderClosed(s.closeError())
	s.linger()
}

// read runs the read loop of gws. A panic in it ends only this connection, because gws recovers none.
func (s *socket) read(conn *gws.Conn) {
	defer s.recoverPanic()
	conn.ReadLoop()
}

// recoverPanic closes the connection after a panic of the read loop. gws panics if the 64-bit length of a frame is
// negative. This is an error of the client and is not logged.
func (s *socket) recoverPanic() {
	v := recover()
	switch {
	case v == nil:
	case s.handling:
		s.server.stats.Panics.Add(1)
		s.server.opt.Log.Error().Interface("panic", v).Bytes("stack", debug.Stack()).Msg("connection reader panicked")
		s.fail(CausePanic, wire.CloseInternal, "")
	default:
		s.fail(CauseProtocol, closeProtocol, "protocol error")
	}
}

// closeError counts the cause and returns the error for the client.
func (s *socket) closeError() *CloseError {
	var closed *gws.CloseError
	switch {
	case s.closeErr.Cause == CauseClosed && errors.As(s.closeErr.Err, &closed):
		s.closeErr.Code = closed.Code
	case s.closeErr.Cause == CauseLost && (s.stopReading || s.closed.Load()):
		s.closeErr.Cause = CauseStopped
	}
	s.server.stats.Ended[s.closeErr.Cause].Add(1)
	end := s.closeErr
	return &end
}
