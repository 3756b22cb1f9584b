package ws

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// TestLostConnection: a client that disconnects without a close frame is CauseLost.
func TestLostConnection(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	if err := c.conn.Close(); err != nil {
		t.Fatal(err)
	}
	if e := s.closeError(t); e.Cause != CauseLost || e.Err == nil {
		t.Errorf("close error %+v", e)
	}
	within(t, waitTime, "the slot is free", func() bool { return r.server.Open() == 0 })
}

// TestCloseByActors: if the actors close the socket, the client receives all written data, then EOF.
func TestCloseByActors(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	s.send(text(strings.Repeat("x", 100_000)))
	s.send(wire.CloseFrame(wire.CloseGoingAway, ""))
	c.wantText(strings.Repeat("x", 100_000))
	if f := c.read(); f.first != 0x88 {
		t.Fatalf("frame %#x, want a close frame", f.first)
	}
	s.stop()
	c.wantEOF()
	if e := s.closeError(t); e.Cause != CauseStopped {
		t.Errorf("close error %+v", e)
	}
}

// TestSessionEnds: the reader stops after the session has ended, even if the client sends more.
func TestSessionEnds(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	handled := 0
	s.handle = func(wire.Command) error { handled++; return errEnded }
	for range 20 {
		c.send(0x81, `{"type":"ping"}`)
	}
	if e := s.closeError(t); e.Cause != CauseStopped || handled != 1 {
		t.Errorf("close error %+v after %d commands, want one command", e, handled)
	}
	c.wantEOF()
}

// TestBackpressure: while a session is busy, the server reads nothing, so that the client's writes block.
func TestBackpressure(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	busy := make(chan struct{})
	defer close(busy)
	s.handle = func(wire.Command) error { <-busy; return errEnded }
	_ = c.conn.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	flood := masked(0x81, []byte(`{"type":"send_message","message":"`+strings.Repeat("x", 8000)+`"}`))
	sent := 0
	for {
		n, err := c.conn.Write(flood)
		if sent += n; err != nil {
			break
		}
		if sent > 64<<20 {
			t.Fatal("the server read 64 MiB while the session was busy")
		}
	}
	if got := r.server.Stats().FramesIn.Load(); got != 1 {
		t.Errorf("%d frames read, want 1", got)
	}
}

// TestPanicCostsOneConnection (INV-9): a panic in the session closes its connection with 1011, and no other
// connection.
func TestPanicCostsOneConnection(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	other, os := r.open("/chat")
	s.handle = func(wire.Command) error { panic("boom") }
	c.send(0x81, `{"type":"ping"}`)
	c.wantClose(wire.CloseInternal)
	if e := s.closeError(t); e.Cause != CausePanic {
		t.Errorf("close error %+v", e)
	}
	if n := r.server.Stats().Panics.Load(); n != 1 {
		t.Errorf("%d panics counted, want 1", n)
	}
	other.send(0x81, `{"type":"ping"}`)
	os.command(t)
}

// TestNotAdmitted: if the actors do not accept a connection, it is closed and its slot is free.
func TestNotAdmitted(t *testing.T) {
	for name, admit := range map[string]Admit{
		"stopped": func(chat.ConnectRequest) (Client, error) { return nil, errors.New("stopped") },
		"panic":   func(chat.ConnectRequest) (Client, error) { panic("boom") },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *Options) { o.Admit = admit })
			c := r.connect()
			c.request("/chat")
			if name == "stopped" {
				if res := c.response(); res.status != 101 {
					t.Fatalf("wrong status %d", res.status)
				}
				c.wantClose(wire.CloseGoingAway)
			} else {
				c.wantEOF()
			}
			within(t, waitTime, "the slot is free", func() bool { return r.server.Open() == 0 })
		})
	}
}

// TestDrainThenClose: Drain keeps open connections, and Close ends them.
func TestDrainThenClose(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	r.server.Drain()
	s.send(text("still here"))
	c.wantText("still here")
	short, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := r.server.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Wait with an open connection: error %v", err)
	}
	long, cancel := context.WithTimeout(context.Background(), waitTime)
	defer cancel()
	if err := r.server.Close(long); err != nil {
		t.Fatal(err)
	}
	c.wantEOF()
	if e := s.closeError(t); e.Cause != CauseStopped {
		t.Errorf("close error %+v", e)
	}
}

// TestEarlyFrames: a client that sends frames before the response violates RFC 6455 and is rejected.
func TestEarlyFrames(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.write(append(requestBytes("/chat"), masked(0x81, []byte(`{"type":"ping"}`))...))
	if res := c.response(); res.status != 400 {
		t.Fatalf("wrong status %d", res.status)
	}
	within(t, waitTime, "the rejection is counted and the slot is free", func() bool {
		return r.server.Stats().Refused[RefusedEarly].Load() == 1 && r.server.Open() == 0
	})
}
