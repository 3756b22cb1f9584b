package ws

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// fillSocket writes until the socket is full, and returns the number of bytes.
func fillSocket(t testing.TB, s *session) (total int) {
	t.Helper()
	buf := make([]byte, 256<<10)
	for {
		n, err := s.connect.Socket.TryWrite(buf)
		if err != nil {
			t.Fatalf("TryWrite: %v", err)
		}
		if total += n; n == 0 {
			return total
		}
	}
}

// TestTryWriteWhenFull: a full socket is no error, neither for small nor large writes. TryWrite works again after the
// client has read.
func TestTryWriteWhenFull(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	total := fillSocket(t, s)
	for _, size := range []int{0, 1, 128 << 10} {
		if n, err := s.connect.Socket.TryWrite(make([]byte, size)); err != nil || n == size && size > 0 {
			t.Errorf("TryWrite of %d bytes to a full socket: %d, error %v", size, n, err)
		}
	}
	buf := make([]byte, 64<<10)
	for got := 0; got < total; {
		n, err := c.conn.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got += n
	}
	within(t, waitTime, "TryWrite succeeds again", func() bool {
		n, err := s.connect.Socket.TryWrite([]byte("x"))
		return n == 1 && err == nil
	})
}

// TestDeadline: the deadline applies to Write. TryWrite works after it.
func TestDeadline(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	fillSocket(t, s)
	s.connect.Socket.SetWriteDeadline(time.Now().Add(30 * time.Millisecond).UnixMilli())
	if _, err := s.connect.Socket.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("Write: error %v, want a timeout", err)
	}
	if n, err := s.connect.Socket.TryWrite(make([]byte, 1<<20)); err != nil {
		t.Fatalf("TryWrite after the deadline: %d, error %v", n, err)
	}
	_ = c.conn.Close()
}

// TestCloseEndsBlockedWrite: Close ends a blocked Write, and further calls do nothing.
func TestCloseEndsBlockedWrite(t *testing.T) {
	r := newRig(t, nil)
	_, s := r.open("/chat")
	fillSocket(t, s)
	failed := make(chan error, 1)
	go func() {
		_, err := s.connect.Socket.Write(make([]byte, 1<<20))
		failed <- err
	}()
	s.connect.Socket.Close()
	s.connect.Socket.Close()
	if err := <-failed; err == nil {
		t.Error("Write succeeded")
	}
	_ = s.closeError(t)
	s.connect.Socket.SetWriteDeadline(0)
	if _, err := s.connect.Socket.Write([]byte("x")); err == nil {
		t.Error("Write after Close succeeded")
	}
	if _, err := s.connect.Socket.TryWrite([]byte("x")); err == nil {
		t.Error("TryWrite after Close succeeded")
	}
}

// TestTryWriteAllocatesNothing: TryWrite is on the hot path.
func TestTryWriteAllocatesNothing(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		buf := make([]byte, 64<<10)
		for {
			if _, err := c.conn.Read(buf); err != nil {
				return
			}
		}
	}()
	frame := text("hello")
	writer := &s.connect.Socket.(*socket).writer
	if n := testing.AllocsPerRun(1000, func() { _, _ = writer.write(frame) }); n != 0 {
		t.Errorf("%v allocations per write, want 0", n)
	}
	_ = c.conn.Close()
	<-drained
}

// BenchmarkTryWrite measures one write, including the kernel's work for a reader on loopback.
func BenchmarkTryWrite(b *testing.B) {
	r := newRig(b, nil)
	c, s := r.open("/chat")
	_ = c.conn.SetDeadline(time.Time{})
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		buf := make([]byte, 1<<20)
		for {
			if _, err := c.conn.Read(buf); err != nil {
				return
			}
		}
	}()
	frame := text(string(make([]byte, 200)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.connect.Socket.TryWrite(frame); err != nil && !errors.Is(err, net.ErrClosed) {
			b.Fatal(err)
		}
	}
	_ = c.conn.Close()
	<-drained
}

// TestFirstWriteSendsHandshake: the first write also sends the 101 response, whose bytes it does not count, even if
// the socket accepts both in parts.
func TestFirstWriteSendsHandshake(t *testing.T) {
	for _, n := range []int{0, 3, 10, 12, 15} {
		s := &socket{handshakeBytes: []byte("0123456789")}
		first := s.trimHandshake(n)
		if want := max(0, n-10); first != want {
			t.Errorf("%d bytes written: %d of the frame, want %d", n, first, want)
		}
		if left := string(s.handshakeBytes); left != "0123456789"[min(n, 10):] {
			t.Errorf("%d bytes written: rest of the response is %q", n, left)
		}
	}
	r := newRig(t, func(o *Options) {
		admit := o.Admit
		o.Admit = func(a chat.ConnectRequest) (Client, error) {
			if n, err := a.Socket.TryWrite([]byte("\x81\x02hi")); n != 4 || err != nil {
				t.Errorf("first write: %d, error %v", n, err)
			}
			return admit(a)
		}
	})
	c, _ := r.open("/chat")
	c.wantText("hi")
}
