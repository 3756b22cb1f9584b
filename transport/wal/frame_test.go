package wal

import (
	"bytes"
	"testing"
)

// FuzzFrames: frames ends for any bytes. The frames are part of these bytes, without overlap and in order.
func FuzzFrames(f *testing.F) {
	const salt = 0x1122334455667788
	seal := func(number uint64, batch string) []byte {
		b := append(make([]byte, frameHeader), batch...)
		sealFrame(b, number, salt)
		return b
	}
	f.Add(append(seal(1, "one"), seal(2, "two")...))
	f.Add(append(append(seal(1, "one")[:20], 0, 0, 0), seal(2, "")...))
	f.Add(bytes.Repeat([]byte{0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11}, 9))
	f.Add(make([]byte, 100))
	f.Fuzz(func(t *testing.T, b []byte) {
		rest := b
		for fr := range frames(b, salt) {
			want := seal(fr.number, string(fr.batch))
			at := bytes.Index(rest, want)
			if at < 0 {
				t.Fatalf("batch %d %q is not in the remaining bytes %x", fr.number, fr.batch, rest)
			}
			rest = rest[at+len(want):]
		}
		whole := append(bytes.Clone(b), seal(7, "last")...)
		var last frame
		for fr := range frames(whole, salt) {
			last = fr
		}
		if last.number != 7 || string(last.batch) != "last" {
			t.Fatalf("the valid frame after %x was not found, the last is %d %q", b, last.number, last.batch)
		}
	})
}

// FuzzHeader: a header that decodes also encodes to an equal one.
func FuzzHeader(f *testing.F) {
	f.Add(newHeader("owner").encode())
	f.Add(make([]byte, headerSize))
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := decodeHeader(b)
		if err != nil {
			return
		}
		if again, err := decodeHeader(h.encode()); err != nil || again != h || len(h.owner) > maxOwner {
			t.Fatalf("%x reads as %+v, then %+v, %v", b, h, again, err)
		}
	})
}
