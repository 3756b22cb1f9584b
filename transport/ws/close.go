package ws

import (
	"bytes"
	"encoding/binary"

	"chatnode/actors/wire"
)

// Close codes of RFC 6455 that only this package uses.
const (
	closeNormal   = 1000
	closeProtocol = 1002
	closeBadData  = 1007
)

// onGWSWrite handles a frame that gws writes. It passes the answer to the client's close frame to the actors
// unchanged. A close frame that gws initiates gets an own reason, or is dropped if reading failed because the
// connection or the session has ended.
func (s *socket) onGWSWrite(frame []byte) {
	if frame[0]&0xf != wire.OpClose {
		s.client.SendControl(bytes.Clone(frame))
		return
	}
	payload := frame[2:]
	if len(payload) <= 2 { // an answer of gws has no text, its own close frames have one
		s.closeErr.Cause = CauseClosed
		s.client.SendControl(bytes.Clone(frame))
		return
	}
	if s.readFailed || s.stopReading {
		return
	}
	s.fail(mapGWSClose(binary.BigEndian.Uint16(payload), payload[2:]))
}

// fail closes the connection because of a frame of the client.
func (s *socket) fail(cause CloseCause, code uint16, reason string) {
	s.closeErr.Cause = cause
	s.client.SendControl(wire.CloseFrame(code, reason))
}

// mapGWSClose maps a close frame that gws initiated. Its code 1011 means that a message did not inflate, because it
// was too large or invalid.
func mapGWSClose(code uint16, text []byte) (CloseCause, uint16, string) {
	switch {
	case code == wire.CloseTooBig, bytes.Contains(text, []byte("too large")):
		return CauseTooBig, wire.CloseTooBig, ""
	case code == closeBadData:
		return CauseBadData, closeBadData, "invalid UTF-8"
	case code == wire.CloseInternal:
		return CauseBadData, closeBadData, "invalid compressed data"
	}
	return CauseProtocol, closeProtocol, "protocol error"
}
