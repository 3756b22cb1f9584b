package ws

import (
	"bytes"
	"compress/flate"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/wire"
)

// inflate undoes permessage-deflate with the standard library.
func inflate(t testing.TB, payload []byte) string {
	t.Helper()
	in := io.MultiReader(bytes.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
	out, err := io.ReadAll(flate.NewReader(in))
	if err != nil {
		t.Fatalf("inflating: %v", err)
	}
	return string(out)
}

// squeeze is what a client sends: permessage-deflate by the standard library.
func squeeze(t testing.TB, payload string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, payload) // a bytes.Buffer takes all
	_ = w.Flush()
	return bytes.TrimSuffix(out.Bytes(), []byte("\x00\x00\xff\xff"))
}

const deflateHeader = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"

// Both ways over the wire, many frames, of which none needs the one before it.
func TestCompressionRoundTrip(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Compression = true })
	c, s := r.open("/chat", deflateHeader)
	if !s.arrival.Socket.(interface{ Compressed() bool }).Compressed() {
		t.Fatal("not negotiated")
	}
	for i := range 20 {
		want := strings.Repeat(`{"type":"new_message"}`, i+8)
		s.send(r.edge.Deflate(text(want)))
		f := c.read()
		if f.first != 0xc1 || len(f.payload) >= len(want) {
			t.Fatalf("frame %#x of %d bytes", f.first, len(f.payload))
		}
		if got := inflate(t, f.payload); got != want {
			t.Fatalf("got %q", got)
		}
		c.write(masked(0xc1, squeeze(t, `{"type":"join","room":"`+strings.Repeat("r", i+1)+`"}`)))
		if cmd := s.command(t); len(cmd.Room) != i+1 {
			t.Fatalf("command %+v", cmd)
		}
	}
}

// A small frame that inflates beyond the limit is too big, and one that does not inflate is bad data.
func TestCompressedViolations(t *testing.T) {
	for name, tc := range map[string]struct {
		payload []byte
		code    uint16
	}{
		"bomb":    {squeeze(t, strings.Repeat("x", 1<<20)), wire.CloseTooBig},
		"garbage": {[]byte("\xff\xff\xff\xff"), closeBadData},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.Compression, o.MaxFrameBytes = true, 16384 })
			c, _ := r.open("/chat", deflateHeader)
			c.write(masked(0xc1, tc.payload))
			c.wantClose(tc.code)
		})
	}
}

// Deflate is the identity to a client that inflates, for any text and from many goroutines; what is
// not a whole text frame, or does not shrink, is left alone.
func TestDeflate(t *testing.T) {
	d := newDeflater()
	rapid.Check(t, func(rt *rapid.T) {
		want := strings.Repeat(rapid.StringN(0, 40, -1).Draw(rt, "text"), rapid.IntRange(0, 3000).Draw(rt, "times"))
		frame := text(want)
		before := bytes.Clone(frame)
		var wg sync.WaitGroup
		for range 3 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				f, err := readFrame(bytes.NewReader(d.deflate(frame)))
				switch {
				case err != nil:
					t.Errorf("no frame: %v", err)
				case f.first == 0xc1 && inflate(t, f.payload) != want, f.first == 0x81 && string(f.payload) != want:
					t.Errorf("another text came out")
				case len(want) > 2000 && len(f.payload) > len(want):
					t.Errorf("it grew from %d to %d", len(want), len(f.payload))
				}
			}()
		}
		wg.Wait()
		if !bytes.Equal(frame, before) {
			rt.Fatal("the frame was changed")
		}
	})
	for _, b := range [][]byte{nil, {0x81}, text(""), wire.CloseFrame(1001, strings.Repeat("x", 99)), text(strings.Repeat("x", 99))[:50], []byte("\x81\x7e\x00")} {
		if got := d.deflate(b); !bytes.Equal(got, b) {
			t.Errorf("% x became % x", b, got)
		}
	}
}

// Only what can be kept to is agreed on (RFC 7692, section 7).
func TestOffers(t *testing.T) {
	for offer, want := range map[string]bool{
		"":                   false,
		"permessage-deflate": true,
		"permessage-deflate; client_max_window_bits":                                        true,
		"permessage-deflate; client_max_window_bits=10; server_no_context_takeover":         true,
		"permessage-deflate; server_max_window_bits=15":                                     true,
		"permessage-deflate; server_max_window_bits=10":                                     false,
		"permessage-deflate; server_max_window_bits=10, permessage-deflate":                 true,
		"permessage-deflate; client_max_window_bits=7":                                      false,
		"permessage-deflate; client_no_context_takeover; client_no_context_takeover":        false,
		"permessage-deflate; mystery":                                                       false,
		"x-webkit-deflate-frame":                                                            false,
		"permessage-deflate-x":                                                              false,
		"foo, permessage-deflate;client_no_context_takeover; client_max_window_bits=\"12\"": true,
	} {
		if got := acceptsDeflate(http.Header{"Sec-Websocket-Extensions": {offer}}); got != want {
			t.Errorf("%q: %v", offer, got)
		}
	}
}

// What was agreed on is answered, and off means off.
func TestCompressionAnswer(t *testing.T) {
	for _, on := range []bool{true, false} {
		r := newRig(t, func(o *Options) { o.Compression = on })
		c := r.connect()
		c.request("/chat", deflateHeader)
		want := ""
		if on {
			want = canonicalOffer
		}
		if got := c.response().header.Get("Sec-WebSocket-Extensions"); got != want {
			t.Errorf("COMPRESSION=%v: %q, want %q", on, got, want)
		}
		if got := r.session().arrival.Socket.(*socket).Compressed(); got != on {
			t.Errorf("COMPRESSION=%v: Compressed() = %v", on, got)
		}
	}
}

// BenchmarkDeflate is one broadcast of a usual chat message.
func BenchmarkDeflate(b *testing.B) {
	frame := text(`{"type":"new_message","room":"global","seq":123456,"data":{"id":"01JD3Z5W8Q4K2M7N9P","userId":"u-8842","userName":"Grace Hopper","userAvatar":"","message":"The most dangerous phrase in the language is: we have always done it this way.","timestamp":1767312245678,"createdAt":"2026-01-02T03:04:05.678Z"}}`)
	d := newDeflater()
	b.ReportAllocs()
	for b.Loop() {
		d.deflate(frame)
	}
	b.ReportMetric(100*float64(len(d.deflate(frame)))/float64(len(frame)), "%size")
}
