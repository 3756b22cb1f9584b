package wire_test

import (
	"bytes"
	"fmt"
	"testing"

	"chatnode/actors/wire"

	"pgregory.net/rapid"
)

// frame is a parsed WebSocket frame.
type frame struct {
	opcode  byte
	payload []byte
}

// parseFrame parses the first frame in p, which a server wrote (RFC 6455, section 5.2).
func parseFrame(p []byte) (f frame, rest []byte, err error) {
	if len(p) < 2 || p[0]&0xf0 != 0x80 || p[1]&0x80 != 0 {
		return f, p, fmt.Errorf("not a final, unmasked frame: % x", p[:min(len(p), 10)])
	}
	size, head := uint64(p[1]), 2
	if wide := map[byte]int{126: 2, 127: 8}[p[1]]; wide > 0 {
		size, head = 0, 2+wide
		for _, b := range p[2:head] {
			size = size<<8 | uint64(b)
		}
		if wide == 2 && size < 126 || wide == 8 && size < 1<<16 {
			return f, p, fmt.Errorf("length %d is not encoded in its shortest form", size)
		}
	}
	if uint64(len(p)-head) < size {
		return f, p, fmt.Errorf("%d of %d payload bytes", len(p)-head, size)
	}
	end := head + int(size)
	return frame{p[0] & 0x0f, p[head:end]}, p[end:], nil
}

func sealed(payload []byte) []byte {
	return bytes.Clone(wire.Seal(append(wire.Begin(nil), payload...)))
}

func TestSealLengthEncodings(t *testing.T) {
	for _, size := range []int{0, 1, 125, 126, 127, 65535, 65536, 70000} {
		payload := bytes.Repeat([]byte("x"), size)
		f, rest, err := parseFrame(sealed(payload))
		if err != nil || f.opcode != wire.OpText || !bytes.Equal(f.payload, payload) || len(rest) != 0 {
			t.Errorf("payload of %d bytes: opcode %d, %d bytes, %d bytes left, error %v", size, f.opcode, len(f.payload), len(rest), err)
		}
	}
}

func TestBeginReusesBuffer(t *testing.T) {
	buf := make([]byte, 100, 200)
	b := wire.Begin(buf)
	if len(b) != wire.Headroom || &b[0] != &buf[0] {
		t.Errorf("Begin returned %d bytes, want the headroom at the start of the buffer", len(b))
	}
	if got := wire.Seal(append(b, "hi"...)); !bytes.Equal(got, []byte{0x81, 2, 'h', 'i'}) {
		t.Errorf("frame % x, want 81 02 68 69", got)
	}
}

// Consecutive frames parse as they were written, and FrameEnd finds the end of each.
func TestFrameEndFindsBoundaries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stream []byte
		ends := []int{0}
		for range rapid.IntRange(0, 5).Draw(t, "frames") {
			stream = append(stream, drawWireFrame(t)...)
			ends = append(ends, len(stream))
		}
		for i, rest := 0, stream; len(rest) > 0; i++ {
			f, after, err := parseFrame(rest)
			if err != nil || len(stream)-len(after) != ends[i+1] {
				t.Fatalf("frame %d (opcode %d) ends at %d, want %d: %v", i, f.opcode, len(stream)-len(after), ends[i+1], err)
			}
			rest = after
		}
		n := rapid.IntRange(-1, len(stream)+1).Draw(t, "n")
		want := len(stream)
		for i := len(ends) - 1; i >= 0 && ends[i] >= n; i-- {
			want = ends[i]
		}
		if got := wire.FrameEnd(stream, n); got != want {
			t.Fatalf("FrameEnd(%d) = %d, want %d; frames end at %v", n, got, want, ends)
		}
	})
}

func drawWireFrame(t *rapid.T) []byte {
	size := rapid.SampledFrom([]int{0, 1, 60, 125, 126, 300, 65535, 65536}).Draw(t, "size")
	payload := bytes.Repeat([]byte{0xff}, size)
	if rapid.Bool().Draw(t, "control") {
		return wire.SealControl(wire.OpPing, payload)
	}
	return sealed(payload)
}

// FrameEnd returns an offset within the buffer, whatever bytes a partial write has left.
func FuzzFrameEnd(f *testing.F) {
	f.Add([]byte{0x81, 126, 0}, 1)
	f.Add([]byte{0x81}, 1)
	f.Add(append([]byte{0x81, 127}, bytes.Repeat([]byte{0xff}, 8)...), 5)
	f.Add([]byte{0x81, 2, 'h', 'i', 0x89, 0}, 3)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		end := wire.FrameEnd(b, n)
		if end < 0 || end > len(b) || end < min(n, len(b)) {
			t.Errorf("FrameEnd(% x, %d) = %d, want an offset from %d to %d", b, n, end, min(n, len(b)), len(b))
		}
	})
}
