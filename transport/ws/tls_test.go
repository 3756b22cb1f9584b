package ws

import (
	"crypto/tls"
	"net/http/httptest"
	"strings"
	"testing"

	"chatnode/actors/wire"
)

// newSecureRig returns a rig with TLS and a certificate of httptest.
func newSecureRig(t *testing.T, change func(*Options)) *serverRig {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	cert := s.TLS.Certificates[0]
	s.Close()
	r := buildRig(t, change)
	r.serve(&tls.Config{Certificates: []tls.Certificate{cert}})
	r.tls = &tls.Config{InsecureSkipVerify: true}
	return r
}

// TestTLS: over TLS, TryWrite writes nothing, so that the actors use an outbox.
func TestTLS(t *testing.T) {
	r := newSecureRig(t, nil)
	c, s := r.open("/chat")
	if n, err := s.connect.Socket.TryWrite([]byte("x")); n != 0 || err != nil {
		t.Errorf("TryWrite: %d, error %v, want 0", n, err)
	}
	c.send(0x81, `{"type":"ping"}`)
	s.command(t)
	s.send(text(strings.Repeat("x", 200_000)))
	c.wantText(strings.Repeat("x", 200_000))
	c.send(0x89, "p")
	if f := c.read(); f.first != 0x8a {
		t.Fatalf("frame %#x, want a pong", f.first)
	}
	c.send(0x88, "\x03\xe8")
	c.wantClose(1000)
	if e := s.closeError(t); e.Cause != CauseClosed {
		t.Errorf("close error %+v", e)
	}
}

func TestTLSViolation(t *testing.T) {
	r := newSecureRig(t, func(o *Options) { o.MaxFrameBytes = 100 })
	c, s := r.open("/chat")
	c.send(0x81, strings.Repeat("x", 100_000))
	c.wantClose(wire.CloseTooBig)
	if e := s.closeError(t); e.Cause != CauseTooBig {
		t.Errorf("close error %+v", e)
	}
}

// TestTLSCloseEndsBlockedWrite: a blocked write over TLS ends when the actors close the socket.
func TestTLSCloseEndsBlockedWrite(t *testing.T) {
	r := newSecureRig(t, nil)
	_, s := r.open("/chat")
	s.send(make([]byte, 64<<20)) // larger than all buffers, and the client does not read
	within(t, waitTime, "the writer has started", func() bool { return s.queued() == 0 })
	s.stop()
	s.wait()
	if e := s.closeError(t); e.Cause != CauseStopped {
		t.Errorf("close error %+v", e)
	}
}
