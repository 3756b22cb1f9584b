package ws

import (
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// What a client may send reaches its session in order, decoded.
func TestCommandsInOrder(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat?room=lobby&epoch=e1&since=42")
	if a := s.arrival; a.Room != "lobby" || !a.HasSince || a.Since != (wire.Position{Epoch: "e1", Seq: 42}) || a.RemoteIP != "127.0.0.1" || a.Identity.UserID != "u1" {
		t.Fatalf("arrival %+v", a)
	}
	c.send(0x81, `{"type":"ping"}`)
	c.send(0x81, `{"type":"join","room":"r1","id":"1"}`)
	c.send(0x01, `{"type":"send_`) // in three fragments, a ping between them
	c.send(0x00, `message","mess`)
	c.send(0x89, "p")
	c.send(0x80, `age":"hello"}`)
	if got := s.command(t); got.Type != wire.Ping {
		t.Errorf("first %+v", got)
	}
	if got := s.command(t); got.Type != wire.Join || got.Room != "r1" || got.ID != "1" {
		t.Errorf("second %+v", got)
	}
	if got := s.command(t); got.Type != wire.SendMessage || got.Message != "hello" {
		t.Errorf("third %+v", got)
	}
	if got := r.edge.Stats().FramesIn.Load(); got != 4 {
		t.Errorf("%d frames counted", got)
	}
}

// What does not decode is for the session to judge, and reading goes on.
func TestMalformed(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	c.send(0x81, "nonsense")
	c.send(0x82, `{"type":"ping"}`) // binary
	c.send(0x81, `{"type":"history","limit":"x"}`)
	c.send(0x81, `{"type":"ping"}`)
	s.command(t)
	for _, want := range []wire.Code{wire.CodeBadJSON, wire.CodeBadJSON, wire.CodeBadField} {
		if got := <-s.bad; got != want {
			t.Errorf("code %v, want %v", got, want)
		}
	}
}

// Pongs take their turn behind what was sent before the ping, and any frame is a sign of life.
func TestPingPongOrder(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	for range 50 {
		s.send(text("before"))
		c.wantText("before")
		c.send(0x89, "data")
		if f := c.read(); f.first != 0x8a || string(f.payload) != "data" {
			t.Fatalf("got %#x %q, want the pong", f.first, f.payload)
		}
	}
	c.send(0x8a, "unasked pong")
	within(t, waitTime, "51 signs of life", func() bool { return s.signs() == 51 })
}

// A close frame is answered, told and followed by the end of TCP.
func TestCloseHandshake(t *testing.T) {
	for name, tc := range map[string]struct {
		payload string
		answer  string
		code    uint16
		how     CloseCause
	}{
		"normal":       {"\x03\xe8bye", "\x03\xe8", 1000, EndClosed},
		"going away":   {"\x03\xe9", "\x03\xe8", 1001, EndClosed},
		"own code":     {"\x0f\xa1", "\x0f\xa1", 4001, EndClosed},
		"no code":      {"", "", 0, EndClosed},
		"illegal code": {"\x03\xed", "\x03\xea", 1005, EndClosed},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			c, s := r.open("/chat")
			s.send(text("first"))
			c.send(0x88, tc.payload)
			c.wantText("first")
			if f := c.read(); f.first != 0x88 || string(f.payload) != tc.answer {
				t.Fatalf("answer %#x %q", f.first, f.payload)
			}
			c.wantEOF()
			if e := s.end(t); e.How != tc.how || e.Code != tc.code {
				t.Errorf("ended %+v", e)
			}
		})
	}
}

// Whatever breaks RFC 6455 or a limit ends with the close code that says so, which arrives even
// though the client has sent far more than was read.
func TestViolations(t *testing.T) {
	const limit = 1000
	big := strings.Repeat("x", limit+1)
	for name, tc := range map[string]struct {
		send [][]byte
		code uint16
		how  CloseCause
	}{
		"too big":              {[][]byte{masked(0x81, []byte(big))}, 1009, EndTooBig},
		"too big by megabytes": {[][]byte{masked(0x81, make([]byte, 1<<20))}, 1009, EndTooBig},
		"too big in fragments": {[][]byte{masked(0x01, []byte(big[:600])), masked(0x80, []byte(big[:600]))}, 1009, EndTooBig},
		"not masked":           {[][]byte{text("plain")}, 1002, EndProtocol},
		"reserved bit":         {[][]byte{masked(0xc1, []byte("{}"))}, 1002, EndProtocol},
		"reserved opcode":      {[][]byte{masked(0x83, []byte("{}"))}, 1002, EndProtocol},
		"long ping":            {[][]byte{masked(0x89, []byte(big[:126]))}, 1002, EndProtocol},
		"fragmented ping":      {[][]byte{masked(0x09, nil)}, 1002, EndProtocol},
		"stray continuation":   {[][]byte{masked(0x80, []byte("{}"))}, 1002, EndProtocol},
		"interrupted fragment": {[][]byte{masked(0x01, []byte("{")), masked(0x81, []byte("}"))}, 1002, EndProtocol},
		"negative length":      {[][]byte{{0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}}, 1002, EndProtocol},
		"no UTF-8":             {[][]byte{masked(0x81, []byte("\xff\xfe"))}, 1007, EndBadData},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.MaxFrameBytes = limit })
			c, s := r.open("/chat")
			for _, f := range tc.send {
				c.write(f)
			}
			c.wantClose(tc.code)
			if e := s.end(t); e.How != tc.how {
				t.Errorf("ended %+v, want %v", e, tc.how)
			}
			if n := r.edge.Stats().Ended[tc.how].Load(); n != 1 {
				t.Errorf("counted %d times", n)
			}
			if n := r.edge.Stats().Panics.Load(); n != 0 {
				t.Errorf("%d panics of ours counted", n)
			}
		})
	}
}

// A frame of exactly the limit is fine.
func TestAtTheLimit(t *testing.T) {
	r := newRig(t, func(o *Options) { o.MaxFrameBytes = 300 })
	c, s := r.open("/chat")
	frame := `{"type":"send_message","message":"` + strings.Repeat("x", 300-36) + `"}`
	c.send(0x81, frame)
	if got := s.command(t); len(got.Message) != 300-36 {
		t.Fatalf("got %d bytes", len(got.Message))
	}
}
