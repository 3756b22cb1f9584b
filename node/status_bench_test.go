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

// A sink is a socket that takes everything.
type sink struct{}

func (sink) TryWrite(p []byte) (int, error) { return len(p), nil }
func (sink) Write(p []byte) (int, error)    { return len(p), nil }
func (sink) SetWriteDeadline(int64)         {}
func (sink) Close()                         {}

// crowded is a node on its embedded log with sessions in many rooms, and the handler of /status/data.
func crowded(b *testing.B) *status {
	b.Helper()
	cfg, err := Load(nil, env(map[string]string{
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
		n.core.Stop(apiPatience)
		if err := n.engine.close(); err != nil {
			b.Errorf("close the engine: %v", err)
		}
	})
	for i := range benchSessions {
		id := strconv.Itoa(i)
		arrival := chat.ConnectRequest{Socket: sink{}, Identity: chat.Identity{UserID: "u" + id, UserName: id, Role: chat.RoleMember}, Room: "r" + strconv.Itoa(i%benchRooms)}
		if _, err := n.core.Admit(arrival); err != nil {
			b.Fatal(err)
		}
	}
	s := newStatus(newAPI(n))
	deadline := time.After(apiPatience)
	for members(b, s) < benchSessions {
		select {
		case <-deadline:
			b.Fatalf("%d of %d sessions are in their rooms", members(b, s), benchSessions)
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s
}

// members is how many sessions are in rooms.
func members(b *testing.B, s *status) (n int) {
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

func pullOnce(b *testing.B, s *status) {
	r := httptest.NewRequest(http.MethodGet, "/status/data", nil)
	r.Header.Set("Authorization", "Bearer "+adminKey)
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusOK {
		b.Fatalf("status %d: %s", w.Code, w.Body)
	}
}

// cpu is what the process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkStatus is what a pull costs with 20,000 sessions in 2,000 rooms: one that finds a survey,
// and one that has to make it. A page pulls every two seconds, a survey is made every five.
func BenchmarkStatus(b *testing.B) {
	s := crowded(b)
	for _, c := range []struct {
		name  string
		every time.Duration
		reset bool
	}{{"pull", 2 * time.Second, false}, {"survey", surveyEvery, true}} {
		b.Run(c.name, func(b *testing.B) {
			used := cpu(b)
			for b.Loop() {
				if c.reset {
					s.due.Store(0)
				}
				pullOnce(b, s)
			}
			each := (cpu(b) - used) / time.Duration(b.N)
			b.ReportMetric(float64(each.Microseconds()), "cpu-µs/op")
			b.ReportMetric(100*each.Seconds()/c.every.Seconds(), "%cpu")
		})
	}
}
