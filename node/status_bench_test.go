package node

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
)

const (
	benchSessions = 20_000
	benchRooms    = 2_000
)

// A sink is a socket that discards all data.
type sink struct{}

func (sink) TryWrite(p []byte) (int, error) { return len(p), nil }
func (sink) Write(p []byte) (int, error)    { return len(p), nil }
func (sink) SetWriteDeadline(int64)         {}
func (sink) Close()                         {}

// newBusyNode starts a node on the embedded log with sessions in many rooms, and returns the handler of /status/data.
func newBusyNode(b *testing.B) *status {
	b.Helper()
	cfg, err := loadConfig(nil, env(map[string]string{
		"DATA_DIR": b.TempDir(), "INSTANCE_ID": "node-1", "ADMIN_API_KEY": adminKey, "PRESENCE_TIMEOUT": "10m", "PING_INTERVAL": "9m",
	}))
	if err != nil {
		b.Fatal(err)
	}
	n, err := New(cfg, zerolog.Nop(), "v1.2.3")
	if err != nil {
		b.Fatal(err)
	}
	n.core.Start()
	b.Cleanup(func() {
		n.core.Stop(apiTestTimeout)
		if err := n.backend.close(); err != nil {
			b.Errorf("close the backend: %v", err)
		}
	})
	for i := range benchSessions {
		id := strconv.Itoa(i)
		request := chat.ConnectRequest{Socket: sink{}, Identity: chat.Identity{UserID: "u" + id, UserName: id, Role: chat.RoleMember}, Room: "r" + strconv.Itoa(i%benchRooms)}
		if _, err := n.core.Admit(request); err != nil {
			b.Fatal(err)
		}
	}
	s := newStatus(newAPI(n))
	deadline := time.After(apiTestTimeout)
	for roomMembers(b, s) < benchSessions {
		select {
		case <-deadline:
			b.Fatalf("%d of %d sessions have joined their rooms", roomMembers(b, s), benchSessions)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s
}

// roomMembers returns the number of sessions in all rooms.
func roomMembers(b *testing.B, s *status) (n int) {
	b.Helper()
	rooms, err := s.node.core.RoomLoads(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for i := range rooms {
		n += rooms[i].Members
	}
	return n
}

func pullStatus(b *testing.B, s *status) {
	r := httptest.NewRequest(http.MethodGet, "/status/data", nil)
	r.Header.Set("Authorization", "Bearer "+adminKey)
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusOK {
		b.Fatalf("status %d: %s", w.Code, w.Body)
	}
}

// cpuTime returns the CPU time of the process.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkStatus measures a request with 20,000 sessions in 2,000 rooms, without and with a new snapshot. A page
// sends a request every 2 s. A snapshot is taken every 5 s.
func BenchmarkStatus(b *testing.B) {
	s := newBusyNode(b)
	for _, c := range []struct {
		name     string
		interval time.Duration
		reset    bool
	}{{"request", 2 * time.Second, false}, {"snapshot", snapshotInterval, true}} {
		b.Run(c.name, func(b *testing.B) {
			start := cpuTime(b)
			for b.Loop() {
				if c.reset {
					s.dueAt.Store(0)
				}
				pullStatus(b, s)
			}
			perRequest := (cpuTime(b) - start) / time.Duration(b.N)
			b.ReportMetric(float64(perRequest.Microseconds()), "cpu-µs/op")
			b.ReportMetric(100*perRequest.Seconds()/c.interval.Seconds(), "%cpu")
		})
	}
}
