package ws

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// TestFramesAreNeverInterleaved: even if the socket accepts few bytes per write and the client sends pings in
// between, complete frames arrive once and in order. No pong or close frame is inside another frame.
func TestFramesAreNeverInterleaved(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Admit = smallBuffers(o.Admit)
	})
	partial := int64(0)
	rapid.Check(t, func(rt *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 400_000), 1, 4).Draw(rt, "sizes")
		pings := rapid.SliceOfN(rapid.IntRange(0, 100), 1, 20).Draw(rt, "pings")
		chunk := rapid.IntRange(1000, 20_000).Draw(rt, "chunk")
		c, s := r.open("/chat")
		defer func() { _ = c.conn.Close() }()
		for i, n := range sizes {
			s.send(text(fmt.Sprintf("%d:", i) + string(bytes.Repeat([]byte{'x'}, n))))
		}
		checkStream(rt, &slowReader{c: c, size: chunk, pings: pings}, sizes, pings)
		partial += s.partial.Load()
	})
	if partial == 0 {
		t.Error("no frame was written in part, so the test has no effect")
	}
}

// checkStream reads until EOF: texts and pongs, each in order, then the close frame.
func checkStream(t *rapid.T, in io.Reader, sizes, pings []int) {
	texts, pongs, closed := 0, 0, false
	for {
		f, err := readFrame(in)
		if errors.Is(err, io.EOF) && closed {
			break
		}
		if err != nil {
			t.Fatalf("after %d texts, %d pongs, closed %v: %v", texts, pongs, closed, err)
		}
		if closed {
			t.Fatalf("frame %#x after the close frame", f.first)
		}
		switch f.first {
		case 0x81:
			prefix := fmt.Sprintf("%d:", texts)
			if len(f.payload) != len(prefix)+sizes[texts] || !bytes.HasPrefix(f.payload, []byte(prefix)) {
				t.Fatalf("text %d has %d bytes, %.20q", texts, len(f.payload), f.payload)
			}
			texts++
		case 0x8a:
			if len(f.payload) != 1+pings[pongs] || f.payload[0] != byte(pongs) {
				t.Fatalf("wrong pong %d of %d bytes", pongs, len(f.payload))
			}
			pongs++
		case 0x88:
			closed = true
		default:
			t.Fatalf("unexpected frame %#x", f.first)
		}
	}
	if pongs != len(pings) || texts != len(sizes) {
		t.Fatalf("received %d of %d pongs, %d of %d texts", pongs, len(pings), texts, len(sizes))
	}
}

// slowReader reads at most size bytes per call. Each call first sends the next ping, and after the last ping a close
// frame.
type slowReader struct {
	c     *wsClient
	size  int
	pings []int
	sent  int
}

func (d *slowReader) Read(p []byte) (int, error) {
	switch {
	case d.sent < len(d.pings):
		d.c.send(0x89, string(append([]byte{byte(d.sent)}, bytes.Repeat([]byte{'p'}, d.pings[d.sent])...)))
	case d.sent == len(d.pings):
		d.c.send(0x88, "\x03\xe8")
	}
	d.sent++
	return d.c.in.Read(p[:min(len(p), d.size)])
}
