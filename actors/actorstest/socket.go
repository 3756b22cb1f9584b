package actorstest

import (
	"encoding/json"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// FakeSocket takes everything that is written, up to a limit, and parses the frames.
type FakeSocket struct {
	Mu     sync.Mutex
	Data   []byte
	Writes int
	space  int // bytes it still takes without blocking; negative: no limit
	Closed chan struct{}
	once   sync.Once
}

func NewFakeSocket() *FakeSocket { return &FakeSocket{space: -1, Closed: make(chan struct{})} }

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

// Write blocks, by polling the fake clock, until there is room.
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

func (s *FakeSocket) SetWriteDeadline(int64) {}
func (s *FakeSocket) Close()                 { s.once.Do(func() { close(s.Closed) }) }

// SetSpace lets the socket take n more bytes; negative: any number.
func (s *FakeSocket) SetSpace(n int) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	s.space = n
}

// WriteCount is how many writes there were.
func (s *FakeSocket) WriteCount() int {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	return s.Writes
}

// Frame is a frame that the server sent.
type Frame struct {
	Op        byte
	Type      string `json:"type"`
	ID        string `json:"id"`
	Room      string `json:"room"`
	Seq       uint64 `json:"seq"`
	Epoch     string `json:"epoch"`
	Recovered bool   `json:"recovered"`
	Missed    int    `json:"missed"`
	Code      string `json:"code"`
	MessageID string `json:"messageId"`
	TakenBack bool   `json:"takenBack"`
	Duplicate bool   `json:"duplicate"`
	Data      json.RawMessage
	Raw       string
	Close     int
}

// Frames parses everything that was written so far.
func (s *FakeSocket) Frames(t testing.TB) (out []Frame) {
	t.Helper()
	s.Mu.Lock()
	b := append([]byte(nil), s.Data...)
	s.Mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := ParseFrame(b)
		if !ok {
			return out // the end of it is not written yet
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

// ParseFrame is an independent reading of RFC 6455 §5.2 for frames of a server.
func ParseFrame(b []byte) (op byte, payload, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	n, h := int(b[1]), 2
	switch n {
	case 126:
		if len(b) < 4 {
			return 0, nil, nil, false
		}
		n, h = int(b[2])<<8|int(b[3]), 4
	case 127:
		if len(b) < 10 {
			return 0, nil, nil, false
		}
		n, h = 0, 10
		for _, x := range b[2:10] {
			n = n<<8 | int(x)
		}
	}
	if len(b) < h+n {
		return 0, nil, nil, false
	}
	return b[0] & 0xf, b[h : h+n], b[h+n:], true
}

func Settings() chat.Settings {
	return chat.Settings{
		InstanceID: "test", Incarnation: "aaaaaaaa", Stored: wire.StoredLocal, Recent: 16, HistorySize: 1 << 30, MaxMessageLength: 2000, MaxFrameBytes: 16384, MaxRooms: 10,
		OutboxBytes: 256 << 10, PingInterval: 25 * time.Second, PresenceTimeout: 30 * time.Second, PresenceDebounce: 500 * time.Millisecond,
		DedupWindow: 5 * time.Second, IdempotencyWindow: 2 * time.Minute, RoomIdle: 30 * time.Second, LinkTimeout: time.Second, HeartbeatInterval: 10 * time.Second,
		Verify: func(string) (chat.Identity, error) { return chat.Identity{}, ErrFake },
	}
}

func AsMember(id string) chat.Identity {
	return chat.Identity{UserID: id, UserName: id, Role: chat.RoleMember}
}

// CloseCode is the code of the close frame that ends the stream, 0 when none does.
func CloseCode(t *testing.T, s *FakeSocket) (code int) {
	s.Mu.Lock()
	defer s.Mu.Unlock()
	for rest := s.Data; len(rest) > 0; {
		op, payload, after, ok := ParseFrame(rest)
		if !ok {
			t.Fatalf("a torn frame: %q", rest)
		}
		if code = 0; op == wire.OpClose {
			code = int(payload[0])<<8 | int(payload[1])
		}
		rest = after
	}
	return code
}

type framePage struct {
	Data []struct {
		Seq    uint64
		ID     string
		UserID string
	}
	More bool
	Next string
}

func (f *Frame) Page(t *testing.T) (p framePage) {
	t.Helper()
	if err := json.Unmarshal([]byte(f.Raw), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// Pause lets virtual time pass until everything has come to rest.
func Pause(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
