package client

import (
	"bufio"
	"bytes"
	"testing"
)

// FuzzReadFrame: reading never panics, accepts no frame that a server may not send, and an accepted frame has the one
// encoding that a server uses.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0x81, 2, 'h', 'i'})
	f.Add([]byte{0x88, 2, 0x03, 0xe8})
	f.Add(append([]byte{0x81, 126, 0, 200}, make([]byte, 200)...))
	f.Add([]byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0})
	f.Add([]byte{0x01, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1 && b[1] == 127 {
			return // an accepted length is allocated; 64 MiB per run is too slow
		}
		op, payload, err := readFrame(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return
		}
		head := []byte{finBit | op, byte(len(payload))}
		if len(payload) > 125 {
			head = []byte{finBit | op, 126, byte(len(payload) >> 8), byte(len(payload))}
		}
		if !bytes.HasPrefix(b, append(head, payload...)) {
			t.Errorf("%x was read as opcode %d, payload %x", b, op, payload)
		}
	})
}
