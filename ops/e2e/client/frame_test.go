package client

import (
	"bufio"
	"bytes"
	"testing"
)

// FuzzReadFrame: whatever a server sends, reading it neither panics nor believes what no server may
// send, and a frame that is taken is spelled as that server would spell it.
func FuzzReadFrame(f *testing.F) {
	f.Add([]byte{0x81, 2, 'h', 'i'})
	f.Add([]byte{0x88, 2, 0x03, 0xe8})
	f.Add(append([]byte{0x81, 126, 0, 200}, make([]byte, 200)...))
	f.Add([]byte{0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0})
	f.Add([]byte{0x01, 0x80})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1 && b[1] == 127 {
			return // a length that is believed is allocated; 64 MiB a try is no use
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
