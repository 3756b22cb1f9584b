package node

import (
	"testing"
	"time"

	"chatnode/transport/redistest"
)

// twoNodes starts two nodes with one Redis.
func twoNodes(t *testing.T, redis *redistest.Server) (a, b *apiRig) {
	t.Helper()
	settings := []string{"ENABLE_DISTRIBUTED_CHAT=true", "REDIS_URL=" + redis.URL(), "HEARTBEAT_INTERVAL=1s"}
	return startAPI(t, append(settings, "INSTANCE_ID=node-1")...), startAPI(t, append(settings, "INSTANCE_ID=node-2")...)
}

func TestBanReachesEveryNodeWithinASecond(t *testing.T) {
	redis := redistest.Start(t, redistest.Config{})
	a, b := twoNodes(t, redis)
	local, remote := a.join(t, "eve", "member", "lobby"), b.join(t, "eve", "member", "lobby")
	start := time.Now()
	a.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"spam"}`)
	for _, s := range []*apiSocket{local, remote} {
		if code, reason := s.awaitClose(t); code != 1008 || reason != "banned: spam" {
			t.Errorf("closed with %d %q", code, reason)
		}
	}
	d := time.Since(start)
	t.Logf("all connections of the user were closed after %v", d)
	if d > time.Second {
		t.Errorf("closing all connections took %v, want at most 1s", d)
	}
	a.wantRejected(t, "eve", "banned: spam")
	b.wantRejected(t, "eve", "banned: spam")
	b.want(t, 204, "DELETE", "/users/eve/ban", "")
	eventually(t, "the first node lifts the ban", func() bool { _, banned := a.core.Banned("eve"); return !banned })
}

func TestDisconnectReachesEveryNode(t *testing.T) {
	a, b := twoNodes(t, redistest.Start(t, redistest.Config{}))
	local, remote := a.join(t, "eve", "member", "lobby"), b.join(t, "eve", "member", "lobby")
	eventually(t, "both nodes are subscribed", func() bool {
		return a.call(t, "POST", "/users/eve/disconnect", `{"reason":"bye"}`).status == 204
	})
	for _, s := range []*apiSocket{local, remote} {
		if code, reason := s.awaitClose(t); code != 1008 || reason != "bye" {
			t.Errorf("closed with %d %q", code, reason)
		}
	}
}

func TestSlowModeCountsOtherNodes(t *testing.T) {
	a, b := twoNodes(t, redistest.Start(t, redistest.Config{}))
	local, remote := a.join(t, "eve", "member", "lobby"), b.join(t, "eve", "member", "lobby")
	a.want(t, 200, "PUT", "/rooms/lobby/slowmode", `{"perUserMs":3600000}`)
	eventually(t, "the second node has the slow mode", func() bool { return len(b.want(t, 200, "GET", "/sanctions", "").fields["data"].([]any)) == 1 })
	local.send(t, `{"type":"send_message","id":"1","message":"one"}`)
	local.await(t, "ack")
	remote.await(t, "new_message")
	remote.send(t, `{"type":"send_message","id":"2","message":"two"}`)
	if f := remote.await(t, "throttled", "ack"); f["type"] != "throttled" {
		t.Errorf("second message, sent to another node: %v", f)
	}
}

// TestSanctionsDuringRedisOutage expects that the last known sanctions remain in force, and that new ones are
// rejected.
func TestSanctionsDuringRedisOutage(t *testing.T) {
	redis := redistest.Start(t, redistest.Config{})
	a, _ := twoNodes(t, redis)
	a.want(t, 200, "PUT", "/users/eve/ban", `{"reason":"spam"}`)
	redis.Kill()
	eventually(t, "the node is degraded", func() bool {
		return a.want(t, 200, "GET", "/cluster", "").fields["link"].(map[string]any)["mode"] == "degraded"
	})
	a.wantRejected(t, "eve", "banned: spam")
	for _, c := range []struct{ method, path, body string }{
		{"PUT", "/users/bob/ban", `{"reason":"x"}`},
		{"DELETE", "/users/eve/ban", ``},
		{"PUT", "/rooms/lobby/slowmode", `{"perUserMs":1}`},
		{"POST", "/users/bob/disconnect", `{"reason":"x"}`},
		{"GET", "/rooms/lobby/messages", ``},
	} {
		if got := a.want(t, 503, c.method, c.path, c.body); got.fields["code"] != "degraded" || got.header.Get("Retry-After") == "" {
			t.Errorf("%s %s: %s", c.method, c.path, got.body)
		}
	}
	posted := a.want(t, 201, "POST", "/rooms/lobby/messages", `{"userId":"bot","userName":"Bot","message":"hi"}`)
	if posted.fields["stored"] != "journal" || posted.fields["seq"] != nil {
		t.Errorf("posted: %s", posted.body)
	}
	if roster := a.want(t, 200, "GET", "/rooms/lobby/presence", ""); roster.fields["exact"] != false {
		t.Errorf("presence: %s", roster.body)
	}
}
