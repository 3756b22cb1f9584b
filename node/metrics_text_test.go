package node

import (
	"net/http"
	"runtime"
	"strings"
	"testing"

	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/transport/auth"
	"chatnode/transport/redisbus"
	"chatnode/transport/ws"
)

// scrape is what Prometheus reads.
func (n *Node) scrape(t *testing.T) string {
	t.Helper()
	w := n.ask("Authorization", "Bearer "+metricsKey, "Accept", prometheus2)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/openmetrics-text; version=1.0.0") {
		t.Fatalf("%d, %s", w.Code, w.Header())
	}
	if !strings.HasSuffix(w.Body.String(), "# EOF\n") {
		t.Fatal("the answer has no end")
	}
	return w.Body.String()
}

func TestTheOldTextFormat(t *testing.T) {
	w := newMetricsNode(t).ask("Authorization", "Bearer "+metricsKey, "Accept", "text/plain")
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain; version=0.0.4") || !strings.Contains(w.Body.String(), "\nchatnode_sessions 0\n") {
		t.Errorf("%s\n%.300s", w.Header(), w.Body)
	}
}

// What may happen must show before it has happened, or the first time is no increase.
func TestEverythingShowsAtZero(t *testing.T) {
	n := newMetricsNode(t)
	text := n.scrape(t)
	want := []string{
		"chatnode_appends_total 0", "chatnode_slow_consumers_total 0", "chatnode_room_gaps_total 0", "chatnode_journal_bytes 0.0",
		"chatnode_append_duration_seconds_count 0", "chatnode_delivery_duration_seconds_count 0", "chatnode_fanout_duration_seconds_count 0",
		"chatnode_link_up 1.0", "chatnode_degraded 0.0", "chatnode_cluster_instances 1.0",
		`chatnode_build_info{goversion="` + runtime.Version() + `",version="v1.2.3"} 1.0`, `chatnode_instance_info{instance_id="node-1"} 1.0`,
	}
	for _, r := range ws.Refusals() {
		want = append(want, `chatnode_connections_refused_total{reason="`+r.String()+`"} 0`)
	}
	for _, e := range ws.Endings() {
		want = append(want, `chatnode_connections_ended_total{reason="`+e.String()+`"} 0`)
	}
	for _, e := range auth.Errors() {
		want = append(want, `chatnode_auth_failures_total{reason="`+e.Reason+`"} 0`)
	}
	for _, r := range redisbus.Reasons() {
		want = append(want, `chatnode_bus_dropped_total{reason="`+string(r)+`"} 0`)
	}
	for k := range n.sys.Kinds() {
		for _, name := range []string{"processes", "mailbox_depth", "mailbox_utilization_max_ratio"} {
			want = append(want, `chatnode_actor_`+name+`{actor="`+k.Name+`"} 0.0`)
		}
		for _, name := range []string{"messages", "messages_rejected", "messages_unknown", "send_waits", "panics", "restarts", "stopped"} {
			want = append(want, `chatnode_actor_`+name+`_total{actor="`+k.Name+`"} 0`)
		}
	}
	for _, line := range want {
		if !strings.Contains(text, "\n"+line+"\n") && !strings.Contains(text, "\n"+line+".0\n") {
			t.Errorf("no line %s", line)
		}
	}
}

// The number of series is the same whatever goes on in the chat.
func TestNoSeriesForUsersOrRooms(t *testing.T) {
	n := newMetricsNode(t)
	before := strings.Count(n.scrape(t), "\nchatnode_")
	for i := range 50 {
		id := "user-" + strings.Repeat("x", i)
		n.sys.Spawn(process.Spec{Kind: process.Kind{Name: room.Kind.Name, Capacity: 4}, ID: id, New: func() process.Actor { return idler{} }})
	}
	text := n.scrape(t)
	if after := strings.Count(text, "\nchatnode_"); after != before {
		t.Errorf("%d series, then %d", before, after)
	}
	if !strings.Contains(text, `chatnode_actor_processes{actor="room"} 50.0`) {
		t.Error("50 processes are not counted")
	}
	if strings.Contains(text, "user-x") {
		t.Error("a name has become a label")
	}
}

type idler struct{}

// Receive implements actors.Actor.
func (idler) Receive(*process.Process, any) {}

func TestTwoNodesInOneProcess(t *testing.T) {
	a, b := newMetricsNode(t, "INSTANCE_ID=a"), newMetricsNode(t, "INSTANCE_ID=b")
	a.core.Stats().Writes.SlowConsumers.Add(7)
	if text := a.scrape(t); !strings.Contains(text, "\nchatnode_slow_consumers_total 7.0\n") || !strings.Contains(text, `instance_id="a"`) {
		t.Error("a does not tell of itself")
	}
	if text := b.scrape(t); !strings.Contains(text, "\nchatnode_slow_consumers_total 0.0\n") || !strings.Contains(text, `instance_id="b"`) {
		t.Error("b does not tell of itself alone")
	}
}
