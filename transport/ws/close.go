package ws

import (
	"bytes"
	"encoding/binary"

	"chatnode/actors/wire"
)

// Close codes of RFC 6455 that only the edge uses.
const (
	closeNormal   = 1000
	closeProtocol = 1002
	closeBadData  = 1007
)

// onGWSWrite takes a frame that gws wants to write: an answer to the client's close frame goes to the
// actors as it is; one that gws begins itself gets words of our own, and none is sent where
// reading failed because the connection or the session is over.
func (s *socket) onGWSWrite(frame []byte) {
	if frame[0]&0xf != wire.OpClose {
		s.client.SendControl(bytes.Clone(frame))
		return
	}
	payload := frame[2:]
	if len(payload) <= 2 { // gws answers with a bare code, and gives words to its own
		s.end.How = EndClosed
		s.client.SendControl(bytes.Clone(frame))
		return
	}
	if s.readFailed || s.stopped {
		return
	}
	s.fail(mapGWSClose(binary.BigEndian.Uint16(payload), payload[2:]))
}

// fail ends the connection for what the client sent.
func (s *socket) fail(how CloseCause, code uint16, reason string) {
	s.end.How = how
	s.client.SendControl(wire.CloseFrame(code, reason))
}

// mapGWSClose reads a close frame that gws began. Its 1011 is a message that would not inflate: because it
// is too big then, or no data.
func mapGWSClose(code uint16, words []byte) (CloseCause, uint16, string) {
	switch {
	case code == wire.CloseTooBig, bytes.Contains(words, []byte("too large")):
		return EndTooBig, wire.CloseTooBig, ""
	case code == closeBadData:
		return EndBadData, closeBadData, "invalid UTF-8"
	case code == wire.CloseInternal:
		return EndBadData, closeBadData, "invalid compressed data"
	}
	return EndProtocol, closeProtocol, "protocol error"
}
