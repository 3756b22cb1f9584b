package ws

import (
	"errors"
	"io"
	"net"
	"testing"
)

// FuzzAfterUpgrade: after any bytes, with and without compression, the server does not panic, the connection ends,
// and the response consists of complete frames.
func FuzzAfterUpgrade(f *testing.F) {
	for _, seed := range [][]byte{
		masked(0x81, []byte(`{"type":"ping"}`)), masked(0x88, []byte("\x03\xe8")), masked(0x89, nil), masked(0x01, []byte("{")),
		masked(0xc1, []byte("\xaa\x56\x2a\xa9\x2c\x48\x55\xb2\x52\x2a\xc8\xcc\x4b\x57\xaa\x05\x00")), masked(0xc1, []byte("junk")), masked(0xf0, nil),
		{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},
		{0x81, 0xff, 0x80},
		{0x81},
		{},
		[]byte("GET / HTTP/1.1\r\n\r\n"),
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	r := newRig(f, func(o *Options) { o.Compression, o.MaxFrameBytes = true, 2000 })
	f.Fuzz(func(t *testing.T, data []byte, compressed bool) {
		extension := "Sec-WebSocket-Extensions:"
		if compressed {
			extension += " permessage-deflate"
		}
		r.t = t
		panics := r.server.Stats().Panics.Load()
		c, s := r.open("/chat", extension)
		defer func() { _ = c.conn.Close() }()
		if _, err := c.conn.Write(data); err == nil {
			_ = c.conn.(*net.TCPConn).CloseWrite()
		}
		for {
			if _, err := readFrame(c.in); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("response: %v", err)
			}
		}
		_ = s.closeError(t)
		s.wait()
		if r.server.Stats().Panics.Load() != panics {
			t.Fatal("the reader panicked")
		}
	})
}
