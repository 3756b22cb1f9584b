package node

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"
)

// guideReport is the example of the operations guide.
const guideReport = `{
  "timestamp": "2024-01-10T12:00:00.000Z", "instanceId": "api-1", "distributedMode": true,
  "pubsub": {
    "messagesPublished": 1523, "messagesReceived": 3046, "publishFailures": 0,
    "averageLatencyMs": 4.23, "maxLatencyMs": 45, "isDegraded": false, "uptime": 3600000
  },
  "chat": {"connectedClients": 123},
  "cluster": {
    "activeInstances": 1,
    "instances": [{"instanceId": "api-1", "startedAt": 1704888000000, "lastHeartbeat": 1704891600000, "connectedClients": 123}]
  }
}`

// shape is every path in a JSON value with its type, sorted.
func shape(path string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var all []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			all = append(all, shape(path+"."+k, v[k])...)
		}
		return all
	case []any:
		var all []string
		for i, item := range v {
			all = append(all, shape(fmt.Sprintf("%s[%d]", path, i), item)...)
		}
		return all
	}
	return []string{fmt.Sprintf("%s %T", path, v)}
}

func decode(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestTheReportIsTheGuides(t *testing.T) {
	w := newMetricsNode(t).ask("Authorization", "Bearer "+metricsKey)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Fatalf("%d, %s", w.Code, w.Header())
	}
	got, want := shape("", decode(t, w.Body.Bytes())), shape("", decode(t, []byte(guideReport)))
	if !slices.Equal(got, want) {
		t.Errorf("fields are %v\nwant %v", got, want)
	}
}

func TestANodeAloneIsTheCluster(t *testing.T) {
	n := newMetricsNode(t)
	begun := time.Now()
	n.core.Stats().Bus.RecentAppends.Observe(1234567 * time.Nanosecond)
	n.core.Stats().Chat.Sessions.Store(3)
	var got metricsReport
	if err := json.Unmarshal(n.ask("Authorization", "Bearer "+metricsKey).Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.InstanceID != "node-1" || got.DistributedMode || got.Pubsub.IsDegraded || got.Chat.ConnectedClients != 3 {
		t.Errorf("%+v", got)
	}
	if got.Pubsub.AverageLatencyMs != 1.23 || got.Pubsub.MaxLatencyMs != 1.23 {
		t.Errorf("latencies are %v and %v ms", got.Pubsub.AverageLatencyMs, got.Pubsub.MaxLatencyMs)
	}
	if at, err := time.Parse(timestampFormat, got.Timestamp); err != nil || at.Before(begun.Add(-time.Second)) {
		t.Errorf("timestamp is %s (%v)", got.Timestamp, err)
	}
	if got.Cluster.ActiveInstances != 1 || len(got.Cluster.Instances) != 1 {
		t.Fatalf("%+v", got.Cluster)
	}
	self := got.Cluster.Instances[0]
	if self.InstanceID != "node-1" || self.ConnectedClients != 3 || self.StartedAt > self.LastHeartbeat || self.LastHeartbeat < begun.UnixMilli() {
		t.Errorf("%+v", self)
	}
}
