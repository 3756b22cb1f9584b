package wire

import "encoding/binary"

// Headroom is the maximum length of the header of a server frame in bytes.
const Headroom = 10

// Opcodes and bits of RFC 6455, section 5.2.
const (
	OpText  = 0x1
	OpClose = 0x8
	OpPing  = 0x9
	OpPong  = 0xA

	fin       = 0x80
	length16  = 126 // the length is in the next 2 bytes
	length64  = 127 // the length is in the next 8 bytes
	lengthLow = 0x7f
)

// Begin truncates dst and reserves Headroom bytes. Append one payload, then call Seal.
func Begin(dst []byte) []byte {
	var room [Headroom]byte
	return append(dst[:0], room[:]...)
}

// Seal returns a complete text frame. b is the result of Begin with a payload appended. The header is written directly
// before the payload, and the frame shares the memory of b.
func Seal(b []byte) []byte {
	n := len(b) - Headroom
	switch {
	case n < length16:
		b = b[Headroom-2:]
		b[1] = byte(n)
	case n < 1<<16:
		b = b[Headroom-4:]
		b[1] = length16
		binary.BigEndian.PutUint16(b[2:], uint16(n))
	default:
		b[1] = length64
		binary.BigEndian.PutUint64(b[2:], uint64(n))
	}
	b[0] = fin | OpText
	return b
}

// FrameEnd returns the smallest frame boundary >= n in b. b starts at a boundary and contains frames of a server. The
// result is len(b) if n is beyond it, or if b ends inside a frame.
func FrameEnd(b []byte, n int) int {
	at := 0
	for at < n && at < len(b) {
		size := frameSize(b[at:])
		if size > uint64(len(b)-at) {
			return len(b)
		}
		at += int(size)
	}
	return at
}

// frameSize returns the length of the first frame of b, including the header. If the header is incomplete, the result
// exceeds len(b).
func frameSize(b []byte) uint64 {
	if len(b) < 2 {
		return 2
	}
	switch n := b[1] & lengthLow; {
	case n < length16:
		return 2 + uint64(n)
	case n == length16 && len(b) >= 4:
		return 4 + uint64(binary.BigEndian.Uint16(b[2:]))
	case n == length64 && len(b) >= Headroom:
		// The top bit of a length is 0 (RFC 6455), so clearing it prevents an overflow.
		return Headroom + binary.BigEndian.Uint64(b[2:])&^(1<<63)
	}
	return uint64(len(b)) + 1
}
