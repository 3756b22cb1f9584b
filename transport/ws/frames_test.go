package ws

import (
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// TestCommandsInOrder: decoded commands reach the session in order.
func TestCommandsInOrder(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat?room=lobby&epoch=e1&since=42")
	if a := s.connect; a.Room != "lobby" || !a.HasSince || a.Since != (wire.Position{Epoch: "e1", Seq: 42}) || a.RemoteIP != "127.0.0.1" || a.Identity.UserID != "u1" {
		t.Fatalf("wrong connect request %+v", a)
	}
	c.send(0x81, `{"type":"ping"}`)
	c.send(0x81, `{"type":"join","room":"r1","id":"1"}`)
	c.send(0x01, `{"type":"send_`) // in three fragments, a ping between them
	c.send(0x00, `message","mess`)
	c.send(0x89, "p")
	c.send(0x80, `age":"hello"}`)
	if got := s.command(t); got.Type != wire.Ping {
		t.Errorf("first command %+v", got)
	}
	if got := s.command(t); got.Type != wire.Join || got.Room != "r1" || got.ID != "1" {
		t.Errorf("second command %+v", got)
	}
	if got := s.command(t); got.Type != wire.SendMessage || got.Message != "hello" {
		t.Errorf("third command %+v", got)
	}
	if got := r.server.Stats().FramesIn.Load(); got != 4 {
		t.Errorf("%d frames counted, want 4", got)
	}
}

// TestMalformed: frames that do not decode are passed to the session, and the reader continues.
func TestMalformed(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	c.send(0x81, "nonsense")
	c.send(0x82, `{"type":"ping"}`) // binary
	c.send(0x81, `{"type":"history","limit":"x"}`)
	c.send(0x81, `{"type":"ping"}`)
	s.command(t)
	for _, want := range []wire.Code{wire.CodeBadJSON, wire.CodeBadJSON, wire.CodeBadField} {
		if got := <-s.malformed; got != want {
			t.Errorf("code %v, want %v", got, want)
		}
	}
}

// TestPingPongOrder: a pong follows the frames that were sent before the ping, and each frame calls Touch.
func TestPingPongOrder(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	for range 50 {
		s.send(text("before"))
		c.wantText("before")
		c.send(0x89, "data")
		if f := c.read(); f.first != 0x8a || string(f.payload) != "data" {
			t.Fatalf("frame %#x %q, want the pong", f.first, f.payload)
		}
	}
	c.send(0x8a, "unsolicited pong")
	within(t, waitTime, "51 calls of Touch", func() bool { return s.touchCount() == 51 })
}

// TestCloseHandshake: a close frame is answered, reported to the session, and followed by EOF.
func TestCloseHandshake(t *testing.T) {
	for name, tc := range map[string]struct {
		payload string
		answer  string
		code    uint16
		cause   CloseCause
	}{
		"normal":       {"\x03\xe8bye", "\x03\xe8", 1000, CauseClosed},
		"going away":   {"\x03\xe9", "\x03\xe8", 1001, CauseClosed},
		"own code":     {"\x0f\xa1", "\x0f\xa1", 4001, CauseClosed},
		"no code":      {"", "", 0, CauseClosed},
		"illegal code": {"\x03\xed", "\x03\xea", 1005, CauseClosed},
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
			if e := s.closeError(t); e.Cause != tc.cause || e.Code != tc.code {
				t.Errorf("close error %+v", e)
			}
		})
	}
}

// TestViolations: a violation of RFC 6455 or a limit has its close code, which arrives even if the client has sent
// much more than was read.
func TestViolations(t *testing.T) {
	const limit = 1000
	big := strings.Repeat("x", limit+1)
	for name, tc := range map[string]struct {
		send  [][]byte
		code  uint16
		cause CloseCause
	}{
		"too big":              {[][]byte{masked(0x81, []byte(big))}, 1009, CauseTooBig},
		"too big by megabytes": {[][]byte{masked(0x81, make([]byte, 1<<20))}, 1009, CauseTooBig},
		"too big in fragments": {[][]byte{masked(0x01, []byte(big[:600])), masked(0x80, []byte(big[:600]))}, 1009, CauseTooBig},
		"not masked":           {[][]byte{text("plain")}, 1002, CauseProtocol},
		"reserved bit":         {[][]byte{masked(0xc1, []byte("{}"))}, 1002, CauseProtocol},
		"reserved opcode":      {[][]byte{masked(0x83, []byte("{}"))}, 1002, CauseProtocol},
		"long ping":            {[][]byte{masked(0x89, []byte(big[:126]))}, 1002, CauseProtocol},
		"fragmented ping":      {[][]byte{masked(0x09, nil)}, 1002, CauseProtocol},
		"stray continuation":   {[][]byte{masked(0x80, []byte("{}"))}, 1002, CauseProtocol},
		"interrupted fragment": {[][]byte{masked(0x01, []byte("{")), masked(0x81, []byte("}"))}, 1002, CauseProtocol},
		"negative length":      {[][]byte{{0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}}, 1002, CauseProtocol},
		"invalid UTF-8":        {[][]byte{masked(0x81, []byte("\xff\xfe"))}, 1007, CauseBadData},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.MaxFrameBytes = limit })
			c, s := r.open("/chat")
			for _, f := range tc.send {
				c.write(f)
			}
			c.wantClose(tc.code)
			if e := s.closeError(t); e.Cause != tc.cause {
				t.Errorf("close error %+v, want %v", e, tc.cause)
			}
			if n := r.server.Stats().Ended[tc.cause].Load(); n != 1 {
				t.Errorf("counted %d times, want 1", n)
			}
			if n := r.server.Stats().Panics.Load(); n != 0 {
				t.Errorf("%d panics counted, want 0", n)
			}
		})
	}
}

func TestFrameAtLimit(t *testing.T) {
	r := newRig(t, func(o *Options) { o.MaxFrameBytes = 300 })
	c, s := r.open("/chat")
	frame := `{"type":"send_message","message":"` + strings.Repeat("x", 300-36) + `"}`
	c.send(0x81, frame)
	if got := s.command(t); len(got.Message) != 300-36 {
		t.Fatalf("message of %d bytes, want 264", len(got.Message))
	}
}
