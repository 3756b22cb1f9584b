package actorstest

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"chatnode/actors/wire"
)

// FakeSocket is a chat.Socket that records all bytes written to it. SetSpace limits the bytes that it accepts, as a
// slow client does. Closed is closed by Close.
type FakeSocket struct {
	Mu     sync.Mutex
	Data   []byte
	Writes int
	space  int // bytes that it accepts without blocking; negative: unlimited
	Closed chan struct{}
	once   sync.Once
}

// NewFakeSocket returns a socket that accepts any number of bytes.
func NewFakeSocket() *FakeSocket { return &FakeSocket{space: -1, Closed: make(chan struct{})} }

// TryWrite implements chat.Socket. It accepts as many bytes as there is space for.
func (s *FakeSocket) TryWrite(p []byte) (int, error) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.Writes++
	n := len(p)
	if s.space >= 0 {
		n = min(n, s.space)
		s.space -= n
	}
	s.Data = append(s.Data, p[:n]...)
	return n, nil
}

// Write implements chat.Socket. It polls every 10 ms until all bytes are accepted or the socket is closed.
func (s *FakeSocket) Write(p []byte) (n int, err error) {
	for n < len(p) {
		m, _ := s.TryWrite(p[n:])
		if n += m; n == len(p) {
			break
		}
		select {
		case <-s.Closed:
			return n, ErrFake
		case <-time.After(10 * time.Millisecond):
		}
	}
	return n, nil
}

// SetWriteDeadline implements chat.Socket. It has no effect.
func (s *FakeSocket) SetWriteDeadline(int64) {}

// Close implements chat.Socket. It closes Closed.
func (s *FakeSocket) Close() { s.once.Do(func() { close(s.Closed) }) }

// SetSpace lets the socket accept n more bytes; negative: any number.
func (s *FakeSocket) SetSpace(n int) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.space = n
}

// WriteCount returns the number of calls of TryWrite, also those made by Write.
func (s *FakeSocket) WriteCount() int {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return s.Writes
}

// Frames parses the frames written so far.
func (s *FakeSocket) Frames(t testing.TB) (out []Frame) {
	t.Helper()
	s.Mu.Lock()
	b := append([]byte(nil), s.Data...)
	s.Mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := ParseFrame(b)
		if !ok {
			return out // the last frame is incomplete
		}
		f := Frame{Op: op, Raw: string(payload)}
		switch op {
		case 1:
			if err := json.Unmarshal(payload, &f); err != nil {
				t.Fatalf("frame %q: %v", payload, err)
			}
		case 8:
			f.Close = int(payload[0])<<8 | int(payload[1])
		}
		out, b = append(out, f), rest
	}
	return out
}

// CloseCode returns the code of the close frame at the end of the stream, or 0 if the last frame is another one.
func CloseCode(t *testing.T, s *FakeSocket) (code int) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	for rest := s.Data; len(rest) > 0; {
		op, payload, after, ok := ParseFrame(rest)
		if !ok {
			t.Fatalf("incomplete frame: %q", rest)
		}
		if code = 0; op == wire.OpClose {
			code = int(payload[0])<<8 | int(payload[1])
		}
		rest = after
	}
	return code
}
