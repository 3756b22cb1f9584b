package ws

import (
	"crypto/tls"
	"net/http/httptest"
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// newSecureRig is a rig that speaks TLS, with a certificate made by httptest.
func newSecureRig(t *testing.T, change func(*Options)) *rig {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	cert := s.TLS.Certificates[0]
	s.Close()
	r := buildRig(t, change)
	r.serve(&tls.Config{Certificates: []tls.Certificate{cert}})
	r.tls = &tls.Config{InsecureSkipVerify: true}
	return r
}

// Over TLS all is the same but that TryWrite takes nothing: the actors then use an outbox.
func TestTLS(t *testing.T) {
	r := newSecureRig(t, nil)
	c, s := r.open("/chat")
	if n, err := s.arrival.Socket.TryWrite([]byte("x")); n != 0 || err != nil {
		t.Errorf("TryWrite: %d, %v", n, err)
	}
	c.send(0x81, `{"type":"ping"}`)
	s.command(t)
	s.send(text(strings.Repeat("x", 200_000)))
	c.wantText(strings.Repeat("x", 200_000))
	c.send(0x89, "p")
	if f := c.read(); f.first != 0x8a {
		t.Fatalf("got %#x", f.first)
	}
	c.send(0x88, "\x03\xe8")
	c.wantClose(1000)
	if e := s.end(t); e.How != EndClosed {
		t.Errorf("ended %+v", e)
	}
}

func TestTLSViolation(t *testing.T) {
	r := newSecureRig(t, func(o *Options) { o.MaxFrameBytes = 100 })
	c, s := r.open("/chat")
	c.send(0x81, strings.Repeat("x", 100_000))
	c.wantClose(wire.CloseTooBig)
	if e := s.end(t); e.How != EndTooBig {
		t.Errorf("ended %+v", e)
	}
}

// A blocked write over TLS ends when the actors close.
func TestTLSCloseEndsBlockedWrite(t *testing.T) {
	r := newSecureRig(t, nil)
	_, s := r.open("/chat")
	s.send(make([]byte, 64<<20)) // more than any buffer holds: the client does not read
	within(t, waitTime, "the writer is at work", func() bool { return s.queued() == 0 })
	s.stop()
	s.wait()
	if e := s.end(t); e.How != EndStopped {
		t.Errorf("ended %+v", e)
	}
}
