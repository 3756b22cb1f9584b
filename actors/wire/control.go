package wire

import (
	"encoding/binary"
	"strings"
)

// maxControl is the maximum payload of a control frame in bytes (RFC 6455, section 5.5).
const maxControl = 125

// SealControl returns a complete ping, pong or close frame. Payload beyond 125 bytes is cut off.
func SealControl(opcode byte, payload []byte) []byte {
	payload = payload[:min(len(payload), maxControl)]
	frame := make([]byte, 0, 2+len(payload))
	frame = append(frame, fin|opcode, byte(len(payload)))
	return append(frame, payload...)
}

// CloseFrame returns a complete close frame. If reason is empty, the text of the code is used. The reason is made
// valid UTF-8 and cut to at most 123 bytes between two runes.
func CloseFrame(code uint16, reason string) []byte {
	if reason == "" {
		reason = closeReason(code)
	}
	reason = truncate(strings.ToValidUTF8(reason, "\uFFFD"), maxControl-2)
	payload := binary.BigEndian.AppendUint16(make([]byte, 0, maxControl), code)
	return SealControl(OpClose, append(payload, reason...))
}
