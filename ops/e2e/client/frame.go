package client

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opText  = 0x1
	opClose = 0x8
	opPing  = 0x9
	opPong  = 0xA

	finBit  = 0x80
	maskBit = 0x80
)

// maxFrame is the longest accepted payload in bytes.
const maxFrame = 64 << 20

// writeFrame writes one frame as a client must: whole, masked with a new key, in one write.
func writeFrame(w io.Writer, op byte, payload []byte) error {
	b := make([]byte, 0, len(payload)+14)
	b = append(b, finBit|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, maskBit|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, maskBit|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, maskBit|127), uint64(n))
	}
	var key [4]byte
	if _, err := rand.Read(key[:]); err != nil {
		return fmt.Errorf("make a masking key: %w", err)
	}
	b = append(b, key[:]...)
	for i, c := range payload {
		b = append(b, c^key[i&3])
	}
	_, err := w.Write(b)
	return err
}

// readFrame reads one frame of a server. It accepts only what a server may send: whole frames, unmasked, without
// reserved bits, with the shortest form of the length.
func readFrame(r *bufio.Reader) (op byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	op = head[0] & 0xf
	switch {
	case head[0]&0x70 != 0:
		return op, nil, fmt.Errorf("frame with reserved bits: %#x", head[0])
	case head[0]&finBit == 0 || op == 0:
		return op, nil, fmt.Errorf("fragment of a message: %#x", head[0])
	case head[1]&maskBit != 0:
		return op, nil, fmt.Errorf("masked frame from a server")
	}
	n, err := readLength(r, head[1])
	if err != nil {
		return op, nil, err
	}
	if op >= opClose && n > 125 {
		return op, nil, fmt.Errorf("control frame of %d bytes", n)
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(r, payload)
	return op, payload, err
}

func readLength(r *bufio.Reader, short byte) (uint64, error) {
	var n, least uint64
	switch short {
	case 126:
		var b [2]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, err
		}
		n, least = uint64(binary.BigEndian.Uint16(b[:])), 126
	case 127:
		var b [8]byte
		if _, err := io.ReadFull(r, b[:]); err != nil {
			return 0, err
		}
		n, least = binary.BigEndian.Uint64(b[:]), 1<<16
	default:
		n = uint64(short)
	}
	if n < least || n > maxFrame {
		return 0, fmt.Errorf("frame length %d in the form of %d", n, short)
	}
	return n, nil
}
