package ws

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"pgregory.net/rapid"
)

// However little the socket takes at a time and whatever the client sends meanwhile, what arrives is
// whole frames, each written once, in order: pongs and close frames never fall into the middle of a
// frame that went out in part.
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
		checkStream(rt, &dribble{c: c, size: chunk, pings: pings}, sizes, pings)
		partial += s.partial.Load()
	})
	if partial == 0 {
		t.Error("no frame went out in part: this test has tested nothing")
	}
}

// checkStream reads to the end: texts and pongs, each in order, and the close frame last.
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
			t.Fatalf("frame %#x behind the close frame", f.first)
		}
		switch f.first {
		case 0x81:
			prefix := fmt.Sprintf("%d:", texts)
			if len(f.payload) != len(prefix)+sizes[texts] || !bytes.HasPrefix(f.payload, []byte(prefix)) {
				t.Fatalf("text %d is %d bytes %.20q", texts, len(f.payload), f.payload)
			}
			texts++
		case 0x8a:
			if len(f.payload) != 1+pings[pongs] || f.payload[0] != byte(pongs) {
				t.Fatalf("pong %d is %d bytes", pongs, len(f.payload))
			}
			pongs++
		case 0x88:
			closed = true
		default:
			t.Fatalf("frame %#x", f.first)
		}
	}
	if pongs != len(pings) || texts != len(sizes) {
		t.Fatalf("%d of %d pongs, %d of %d texts", pongs, len(pings), texts, len(sizes))
	}
}

// dribble reads at most size bytes at a time, and each time, while the server has not got its frames out,
// sends the next ping, and after the last ping a close frame.
type dribble struct {
	c     *client
	size  int
	pings []int
	sent  int
}

func (d *dribble) Read(p []byte) (int, error) {
	switch {
	case d.sent < len(d.pings):
		d.c.send(0x89, string(append([]byte{byte(d.sent)}, bytes.Repeat([]byte{'p'}, d.pings[d.sent])...)))
	case d.sent == len(d.pings):
		d.c.send(0x88, "\x03\xe8")
	}
	d.sent++
	return d.c.in.Read(p[:min(len(p), d.size)])
}
