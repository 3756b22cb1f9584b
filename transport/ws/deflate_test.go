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

// inflatePayload decompresses a payload with the standard library.
func inflatePayload(t testing.TB, payload []byte) string {
	t.Helper()
	in := io.MultiReader(bytes.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff"))
	out, err := io.ReadAll(flate.NewReader(in))
	if err != nil {
		t.Fatalf("inflate: %v", err)
	}
	return string(out)
}

// deflatePayload compresses a payload as a client does, with the standard library.
func deflatePayload(t testing.TB, payload string) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, payload) // never fails for a bytes.Buffer
	_ = w.Flush()
	return bytes.TrimSuffix(out.Bytes(), []byte("\x00\x00\xff\xff"))
}

const deflateHeader = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"

// TestCompressionRoundTrip: many frames in both directions, each of which inflates without the ones before it.
func TestCompressionRoundTrip(t *testing.T) {
	r := newRig(t, func(o *Options) { o.Compression = true })
	c, s := r.open("/chat", deflateHeader)
	if !s.connect.Socket.(interface{ Compressed() bool }).Compressed() {
		t.Fatal("compression was not negotiated")
	}
	for i := range 20 {
		want := strings.Repeat(`{"type":"new_message"}`, i+8)
		s.send(r.server.Deflate(text(want)))
		f := c.read()
		if f.first != 0xc1 || len(f.payload) >= len(want) {
			t.Fatalf("frame %#x of %d bytes, want a compressed one", f.first, len(f.payload))
		}
		if got := inflatePayload(t, f.payload); got != want {
			t.Fatalf("inflated %q, want %q", got, want)
		}
		c.write(masked(0xc1, deflatePayload(t, `{"type":"join","room":"`+strings.Repeat("r", i+1)+`"}`)))
		if cmd := s.command(t); len(cmd.Room) != i+1 {
			t.Fatalf("wrong command %+v", cmd)
		}
	}
}

// TestCompressedViolations: a small frame that inflates beyond the limit is too big, and one that does not inflate is
// bad data.
func TestCompressedViolations(t *testing.T) {
	for name, tc := range map[string]struct {
		payload []byte
		code    uint16
	}{
		"bomb":    {deflatePayload(t, strings.Repeat("x", 1<<20)), wire.CloseTooBig},
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

// TestDeflate: the result inflates to the same text, also if several goroutines call Deflate. Frames that are not
// complete text frames, or do not become smaller, are returned unchanged.
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
					t.Errorf("invalid frame: %v", err)
				case f.first == 0xc1 && inflatePayload(t, f.payload) != want, f.first == 0x81 && string(f.payload) != want:
					t.Errorf("the text has changed")
				case len(want) > 2000 && len(f.payload) > len(want):
					t.Errorf("the frame grew from %d to %d bytes", len(want), len(f.payload))
				}
			}()
		}
		wg.Wait()
		if !bytes.Equal(frame, before) {
			rt.Fatal("Deflate changed its argument")
		}
	})
	for _, b := range [][]byte{nil, {0x81}, text(""), wire.CloseFrame(1001, strings.Repeat("x", 99)), text(strings.Repeat("x", 99))[:50], []byte("\x81\x7e\x00")} {
		if got := d.deflate(b); !bytes.Equal(got, b) {
			t.Errorf("Deflate changed % x to % x", b, got)
		}
	}
}

// TestAcceptsDeflate: only supported offers are accepted (RFC 7692, section 7).
func TestAcceptsDeflate(t *testing.T) {
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
			t.Errorf("offer %q: accepted is %t, want %t", offer, got, want)
		}
	}
}

// TestCompressionResponse: the response names the extension only if compression is enabled.
func TestCompressionResponse(t *testing.T) {
	for _, on := range []bool{true, false} {
		r := newRig(t, func(o *Options) { o.Compression = on })
		c := r.connect()
		c.request("/chat", deflateHeader)
		want := ""
		if on {
			want = canonicalOffer
		}
		if got := c.response().header.Get("Sec-WebSocket-Extensions"); got != want {
			t.Errorf("COMPRESSION=%t: extensions %q, want %q", on, got, want)
		}
		if got := r.session().connect.Socket.(*socket).Compressed(); got != on {
			t.Errorf("COMPRESSION=%t: Compressed() is %t", on, got)
		}
	}
}

// BenchmarkDeflate compresses a typical chat message.
func BenchmarkDeflate(b *testing.B) {
	frame := text(`{"type":"new_message","room":"global","seq":123456,"data":{"id":"01JD3Z5W8Q4K2M7N9P","userId":"u-8842","userName":"Grace Hopper","userAvatar":"","message":"The most dangerous phrase in the language is: we have always done it this way.","timestamp":1767312245678,"createdAt":"2026-01-02T03:04:05.678Z"}}`)
	d := newDeflater()
	b.ReportAllocs()
	for b.Loop() {
		d.deflate(frame)
	}
	b.ReportMetric(100*float64(len(d.deflate(frame)))/float64(len(frame)), "%size")
}
