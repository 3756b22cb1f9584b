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

// A client that vanishes is told as lost, and nothing is written to it.
func TestLost(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	if err := c.conn.Close(); err != nil {
		t.Fatal(err)
	}
	if e := s.end(t); e.How != CauseLost || e.Cause == nil {
		t.Errorf("ended %+v", e)
	}
	within(t, waitTime, "the slot is free", func() bool { return r.edge.Open() == 0 })
}

// The actors close: the client gets all that was written and then the end.
func TestCloseByActors(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	s.send(text(strings.Repeat("x", 100_000)))
	s.send(wire.CloseFrame(wire.CloseGoingAway, ""))
	c.wantText(strings.Repeat("x", 100_000))
	if f := c.read(); f.first != 0x88 {
		t.Fatalf("got %#x", f.first)
	}
	s.stop()
	c.wantEOF()
	if e := s.end(t); e.How != EndStopped {
		t.Errorf("ended %+v", e)
	}
}

// A session that has ended stops the reading, although the client goes on sending.
func TestSessionEnds(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	taken := 0
	s.receive = func(wire.Command) error { taken++; return errEnded }
	for range 20 {
		c.send(0x81, `{"type":"ping"}`)
	}
	if e := s.end(t); e.How != EndStopped || taken != 1 {
		t.Errorf("ended %+v after %d commands", e, taken)
	}
	c.wantEOF()
}

// A session that is busy holds its client back: what is not read stays in the client's own buffers.
func TestBackpressure(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	busy := make(chan struct{})
	defer close(busy)
	s.receive = func(wire.Command) error { <-busy; return errEnded }
	_ = c.conn.SetWriteDeadline(time.Now().Add(500 * time.Millisecond))
	flood := masked(0x81, []byte(`{"type":"send_message","message":"`+strings.Repeat("x", 8000)+`"}`))
	sent := 0
	for {
		n, err := c.conn.Write(flood)
		if sent += n; err != nil {
			break
		}
		if sent > 64<<20 {
			t.Fatal("64 MiB were taken from a client whose session is busy")
		}
	}
	if got := r.edge.Stats().FramesIn.Load(); got != 1 {
		t.Errorf("%d frames were read", got)
	}
}

// INV-9: a panic in what the actors do costs that connection and no other, with 1011.
func TestPanicCostsOneConnection(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	other, os := r.open("/chat")
	s.receive = func(wire.Command) error { panic("boom") }
	c.send(0x81, `{"type":"ping"}`)
	c.wantClose(wire.CloseInternal)
	if e := s.end(t); e.How != EndPanic {
		t.Errorf("ended %+v", e)
	}
	if n := r.edge.Stats().Panics.Load(); n != 1 {
		t.Errorf("%d panics counted", n)
	}
	other.send(0x81, `{"type":"ping"}`)
	os.command(t)
}

// Who the actors do not take is told to come back, and costs nothing.
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
					t.Fatalf("status %d", res.status)
				}
				c.wantClose(wire.CloseGoingAway)
			} else {
				c.wantEOF()
			}
			within(t, waitTime, "the slot is free", func() bool { return r.edge.Open() == 0 })
		})
	}
}

// Draining leaves open connections alone; Close ends them.
func TestDrainThenClose(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	r.edge.Drain()
	s.send(text("still here"))
	c.wantText("still here")
	short, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := r.edge.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("Wait with a connection open: %v", err)
	}
	long, cancel := context.WithTimeout(context.Background(), waitTime)
	defer cancel()
	if err := r.edge.Close(long); err != nil {
		t.Fatal(err)
	}
	c.wantEOF()
	if e := s.end(t); e.How != EndStopped {
		t.Errorf("ended %+v", e)
	}
}

// Frames that come before the answer are not from a client that keeps to RFC 6455.
func TestEarlyFrames(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.write(append(requestBytes("/chat"), masked(0x81, []byte(`{"type":"ping"}`))...))
	if res := c.response(); res.status != 400 {
		t.Fatalf("status %d", res.status)
	}
	within(t, waitTime, "it is counted and gone", func() bool {
		return r.edge.Stats().Refused[RefusedEarly].Load() == 1 && r.edge.Open() == 0
	})
}
