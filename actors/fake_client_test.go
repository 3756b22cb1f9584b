package actors

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/wire"
)

// fakeSocket takes everything that is written, up to a limit, and parses the frames.
type fakeSocket struct {
	mu     sync.Mutex
	data   []byte
	writes int
	room   int // bytes it still takes without blocking; negative: no limit
	closed chan struct{}
	once   sync.Once
}

func newFakeSocket() *fakeSocket { return &fakeSocket{room: -1, closed: make(chan struct{})} }

func (s *fakeSocket) TryWrite(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	n := len(p)
	if s.room >= 0 {
		n = min(n, s.room)
		s.room -= n
	}
	s.data = append(s.data, p[:n]...)
	return n, nil
}

// Write blocks, by polling the fake clock, until there is room.
func (s *fakeSocket) Write(p []byte) (n int, err error) {
	for n < len(p) {
		m, _ := s.TryWrite(p[n:])
		if n += m; n == len(p) {
			break
		}
		select {
		case <-s.closed:
			return n, errFake
		case <-time.After(10 * time.Millisecond):
		}
	}
	return n, nil
}

func (s *fakeSocket) Deadline(int64) {}
func (s *fakeSocket) Close()         { s.once.Do(func() { close(s.closed) }) }

// setRoom lets the socket take n more bytes; negative: any number.
func (s *fakeSocket) setRoom(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.room = n
}

// written is how many writes there were.
func (s *fakeSocket) written() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes
}

// seen is a frame that the server sent.
type seen struct {
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

// frames parses everything that was written so far.
func (s *fakeSocket) frames(t testing.TB) (out []seen) {
	t.Helper()
	s.mu.Lock()
	b := append([]byte(nil), s.data...)
	s.mu.Unlock()
	for len(b) > 0 {
		op, payload, rest, ok := parseFrame(b)
		if !ok {
			return out // the end of it is not written yet
		}
		f := seen{Op: op, Raw: string(payload)}
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

// parseFrame is an independent reading of RFC 6455 §5.2 for frames of a server.
func parseFrame(b []byte) (op byte, payload, rest []byte, ok bool) {
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

// rig is a core on a fake bus.
type rig struct {
	t    testing.TB
	bus  *fakeBus
	core *Core
	sys  *System
}

func testSettings() Settings {
	return Settings{
		InstanceID: "test", Incarnation: "aaaaaaaa", Stored: wire.StoredLocal, Recent: 16, HistorySize: 1 << 30, MaxMessageLength: 2000, MaxFrameBytes: 16384, MaxRooms: 10,
		OutboxBytes: 256 << 10, PingInterval: 25 * time.Second, PresenceTimeout: 30 * time.Second, PresenceDebounce: 500 * time.Millisecond,
		DedupWindow: 5 * time.Second, IdempotencyWindow: 2 * time.Minute, RoomIdle: 30 * time.Second, LinkTimeout: time.Second, HeartbeatInterval: 10 * time.Second,
		Verify: func(string) (Identity, error) { return Identity{}, errFake },
	}
}

func newRig(t testing.TB, change ...func(*Settings)) *rig {
	t.Helper()
	sys, err := NewSystem(zerolog.Nop(), Kinds...)
	if err != nil {
		t.Fatal(err)
	}
	set := testSettings()
	for _, f := range change {
		f(&set)
	}
	r := &rig{t: t, bus: newFakeBus(), sys: sys}
	r.core = New(sys, set, portsOf(r.bus))
	r.core.Start()
	return r
}

func (r *rig) stop() { r.core.Stop(5 * time.Second) }

// peer is a client of a rig.
type peer struct {
	Conn
	rig    *rig
	socket *fakeSocket
}

func (r *rig) connect(a Arrival) *peer {
	r.t.Helper()
	s := newFakeSocket()
	a.Socket = s
	c, err := r.core.Admit(a)
	if err != nil {
		r.t.Fatal(err)
	}
	return &peer{c, r, s}
}

func asMember(id string) Identity { return Identity{UserID: id, UserName: id, Role: RoleMember} }

func (p *peer) do(cmd wire.Command) {
	p.rig.t.Helper()
	if err := p.Receive(cmd); err != nil {
		p.rig.t.Fatal(err)
	}
}

// of returns the frames of one type that have come so far.
func (p *peer) of(typ string) (out []seen) {
	for _, f := range p.socket.frames(p.rig.t) {
		if f.Type == typ {
			out = append(out, f)
		}
	}
	return out
}

// one returns the only frame of a type.
func (p *peer) one(typ string) seen {
	p.rig.t.Helper()
	all := p.of(typ)
	if len(all) != 1 {
		p.rig.t.Fatalf("%d frames of type %s, want 1: %v", len(all), typ, p.socket.frames(p.rig.t))
	}
	return all[0]
}

func portsOf(b *fakeBus) Ports {
	return Ports{Appender: b, Subscriber: b, Reader: b, Presence: b, Registry: b}
}
