package ws

import (
	"errors"
	"net"
	"os"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// fill writes until the socket takes no more.
func fill(t testing.TB, s *session) (total int) {
	t.Helper()
	buf := make([]byte, 256<<10)
	for {
		n, err := s.arrival.Socket.TryWrite(buf)
		if err != nil {
			t.Fatalf("TryWrite: %v", err)
		}
		if total += n; n == 0 {
			return total
		}
	}
}

// A full socket is no error, for small writes and large ones, and TryWrite works again once it is read.
func TestTryWriteWhenFull(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	total := fill(t, s)
	for _, size := range []int{0, 1, 128 << 10} {
		if n, err := s.arrival.Socket.TryWrite(make([]byte, size)); err != nil || n == size && size > 0 {
			t.Errorf("%d bytes into a full socket: %d, %v", size, n, err)
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
	within(t, waitTime, "the socket takes bytes again", func() bool {
		n, err := s.arrival.Socket.TryWrite([]byte("x"))
		return n == 1 && err == nil
	})
}

// The deadline bounds Write; that it has passed does not hold against the next TryWrite.
func TestDeadline(t *testing.T) {
	r := newRig(t, nil)
	c, s := r.open("/chat")
	fill(t, s)
	s.arrival.Socket.SetWriteDeadline(time.Now().Add(30 * time.Millisecond).UnixMilli())
	if _, err := s.arrival.Socket.Write(make([]byte, 1<<20)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("Write: %v", err)
	}
	if n, err := s.arrival.Socket.TryWrite(make([]byte, 1<<20)); err != nil {
		t.Fatalf("TryWrite: %d, %v", n, err)
	}
	_ = c.conn.Close()
}

// Close ends a Write that waits, for good, and more than once does no harm.
func TestCloseEndsBlockedWrite(t *testing.T) {
	r := newRig(t, nil)
	_, s := r.open("/chat")
	fill(t, s)
	failed := make(chan error, 1)
	go func() {
		_, err := s.arrival.Socket.Write(make([]byte, 1<<20))
		failed <- err
	}()
	s.arrival.Socket.Close()
	s.arrival.Socket.Close()
	if err := <-failed; err == nil {
		t.Error("Write succeeded")
	}
	_ = s.end(t)
	s.arrival.Socket.SetWriteDeadline(0)
	if _, err := s.arrival.Socket.Write([]byte("x")); err == nil {
		t.Error("Write after Close succeeded")
	}
	if _, err := s.arrival.Socket.TryWrite([]byte("x")); err == nil {
		t.Error("TryWrite after Close succeeded")
	}
}

// The hot path allocates nothing, whether the socket is full or not.
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
	try := &s.arrival.Socket.(*socket).writer
	if n := testing.AllocsPerRun(1000, func() { _, _ = try.write(frame) }); n != 0 {
		t.Errorf("%v allocations a write", n)
	}
	_ = c.conn.Close()
	<-drained
}

// BenchmarkTryWrite is what one write costs, the kernel's work for a reader on loopback included.
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
		if _, err := s.arrival.Socket.TryWrite(frame); err != nil && !errors.Is(err, net.ErrClosed) {
			b.Fatal(err)
		}
	}
	_ = c.conn.Close()
	<-drained
}

// The answer to the handshake goes out with the first write and is no part of what the writer counts, also
// where the socket takes the two in pieces.
func TestTheFirstWriteTakesTheAnswerAlong(t *testing.T) {
	for _, took := range []int{0, 3, 10, 12, 15} {
		s := &socket{handshakeBytes: []byte("0123456789")}
		first := s.trimHandshake(took)
		if want := max(0, took-10); first != want {
			t.Errorf("%d bytes written: %d of the frame, want %d", took, first, want)
		}
		if left := string(s.handshakeBytes); left != "0123456789"[min(took, 10):] {
			t.Errorf("%d bytes written: %q is left of the answer", took, left)
		}
	}
	r := newRig(t, func(o *Options) {
		admit := o.Admit
		o.Admit = func(a chat.ConnectRequest) (Client, error) {
			if n, err := a.Socket.TryWrite([]byte("\x81\x02hi")); n != 4 || err != nil {
				t.Errorf("the first write: %d, %v", n, err)
			}
			return admit(a)
		}
	})
	c, _ := r.open("/chat")
	c.wantText("hi")
}
