package wire

import (
	"encoding/binary"
	"strings"
)

// maxControl is the longest payload of a control frame, in bytes (RFC 6455, section 5.5).
const maxControl = 125

// SealControl is a whole ping, pong or close frame: OpPing, OpPong or OpClose and at most 125
// bytes of payload; more is cut off.
func SealControl(opcode byte, payload []byte) []byte {
	payload = payload[:min(len(payload), maxControl)]
	frame := make([]byte, 0, 2+len(payload))
	frame = append(frame, fin|opcode, byte(len(payload)))
	return append(frame, payload...)
}

// CloseFrame is a whole close frame. Where reason is empty it gives the code's own. The reason is
// made valid UTF-8 and cut to 123 bytes between two runes.
func CloseFrame(code uint16, reason string) []byte {
	if reason == "" {
		reason = closeReason(code)
	}
	reason = truncate(strings.ToValidUTF8(reason, "\uFFFD"), maxControl-2)
	payload := binary.BigEndian.AppendUint16(make([]byte, 0, maxControl), code)
	return SealControl(OpClose, append(payload, reason...))
}
