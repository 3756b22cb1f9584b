package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"chatnode/transport/web"
)

// statusKey is the key that the fake node accepts.
const statusKey = "the key of the admins, of 32 characters"

// fakeStatus serves the page, and a /status/data with generated figures.
type fakeStatus struct {
	srv      *httptest.Server
	requests atomic.Int64
	broken   atomic.Bool // each response is an error
	degraded atomic.Bool
	rooms    int
}

type object = map[string]any

func newFakeStatus(t *testing.T, rooms int) *fakeStatus {
	f := &fakeStatus{rooms: rooms}
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler())
	mux.HandleFunc("GET /status/data", f.answer)
	f.srv = httptest.NewServer(mux)
	t.Cleanup(f.srv.Close)
	return f
}

func (f *fakeStatus) answer(w http.ResponseWriter, r *http.Request) {
	status, body := http.StatusOK, f.report(r)
	switch r.Header.Get("Authorization") {
	case "Bearer " + statusKey:
	case "Bearer a member":
		status, body = http.StatusForbidden, object{"title": "Only admins may use the API."}
	default:
		status, body = http.StatusUnauthorized, object{"title": "The key or token is not valid."}
	}
	if f.broken.Load() {
		status, body = http.StatusServiceUnavailable, object{"title": "Out of order."}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // fails if the page was closed
}

// report returns the response of a busy node. Its figures change with each request.
func (f *fakeStatus) report(r *http.Request) object {
	n := f.requests.Add(1)
	now := noon.Add(time.Duration(n) * 2 * time.Second).UnixMilli()
	link := object{"mode": "ok", "since": noon.Add(-time.Hour).UnixMilli(), "provenMsAgo": 240}
	if f.degraded.Load() {
		link = object{"mode": "degraded", "since": now - 95_000, "provenMsAgo": 96_000, "cause": "Redis <b>refuses</b> writes: OOM", "effects": []string{"messages are kept in the journal", "presence counts this node only"}}
	}
	clients := 41_800 + 900*((7*n)%13)
	return object{
		"instanceId": "chat-1", "version": "v1.2.3", "distributed": true, "startedAt": noon.Add(-50 * time.Hour).UnixMilli(), "now": now,
		"uptimeMs": 180_000_000 + 2000*n, "surveyAgeMs": 1200, "windowMs": 5000, "link": link,
		"links": []object{
			{"name": "publish", "actor": "bridge_out", "provenMsAgo": 240, "meanMs": 0.42, "longestMs": 3.1, "done": 1_204_551, "failed": 2},
			{"name": "subscribe", "actor": "bridge_in", "provenMsAgo": 240, "meanMs": 0.31, "longestMs": 2.2, "done": 3_604_100, "failed": 0},
			{"name": "data", "actor": "store", "provenMsAgo": 4100, "meanMs": 0, "longestMs": 0, "done": 0, "failed": 0},
		},
		"totals": object{
			"clients": clients, "rooms": f.rooms, "received": 900_000 + 420*n + n*n%97, "acked": 800_000, "shown": 5_000_000 + 2400*n + 40*(n*n%31), "errors": 3, "throttled": 12,
			"gaps": 0, "resyncs": 0, "slowConsumers": 4, "sentBytes": 90_000_000_000 + 42_000_000*n + 900_000*(n*n%11), "latencyMs": 0.42 + 0.02*float64(n%7),
		},
		"journal":   object{"used": true, "writes": 812, "bytes": 190_000_000, "limitBytes": 268_435_456, "kept": 4012, "replayed": 3200, "failed": 0},
		"instances": f.instances(now), "rooms": f.roomPage(r), "kinds": fakeKinds(), "processes": fakeProcesses(),
	}
}

func (f *fakeStatus) instances(now int64) object {
	var data []object
	for i, age := range []int64{38_000, 4100, 1200} {
		data = append(data, object{
			"instanceId": fmt.Sprintf("chat-%d", 3-i), "incarnation": "a1b2c3d4", "startedAt": now - 180_000_000, "lastHeartbeat": now - age,
			"heartbeatAgeMs": age, "connectedClients": 14_000 + 300*i, "suspect": age > 30_000,
		})
	}
	return object{"total": 3, "paged": 3, "offset": 0, "limit": 20, "data": data}
}

// roomPage returns a page of the rooms "room-0", "room-1" and so on. The order by rate is the reverse of that by size.
func (f *fakeStatus) roomPage(r *http.Request) object {
	offset, _ := strconv.Atoi(r.URL.Query().Get("rooms_offset"))
	data := []object{}
	for i := offset; i < min(offset+20, f.rooms); i++ {
		name := i
		if r.URL.Query().Get("rooms_sort") == "rate" {
			name = f.rooms - 1 - i
		}
		data = append(data, object{"room": fmt.Sprintf("room-%d", name), "members": 20_000 / (name + 1), "perSecond": float64(name) / 7, "shown": 1000 + name})
	}
	return object{"total": f.rooms, "paged": f.rooms, "offset": offset, "limit": 20, "data": data}
}

func fakeKinds() []object {
	kinds := []object{}
	for i, k := range [][2]string{{"bridge", ""}, {"bridge_out", "bridge"}, {"bridge_in", "bridge"}, {"store", "bridge"}, {"journal", ""}, {"rooms", ""}, {"room", "rooms"}, {"presence", ""}, {"heartbeat", ""}, {"sanctions", ""}, {"clients", ""}, {"session", "clients"}, {"writer", ""}, {"outbox", "writer"}} {
		kinds = append(kinds, object{
			"kind": k[0], "parent": k[1], "live": 1 + i*i*i, "depth": i * 3, "fullest": float64(i) / 14, "handled": 100_000 * i,
			"refused": i % 3, "waited": i, "panics": i / 7, "restarts": i / 7, "givenUp": i / 13,
		})
	}
	return kinds
}

func fakeProcesses() object {
	data := []object{}
	for i, id := range []string{"writer/0", "room/room-0.3f", "store", "session/4fz", "bridge_out"} {
		data = append(data, object{"id": id, "depth": 4000 / (i + 1), "bound": 4096, "fullness": 4000 / (4096 * float64(i+1))})
	}
	return object{"total": 5, "paged": 5, "offset": 0, "limit": 20, "data": data}
}
