package node

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestMetricsAccess(t *testing.T) {
	n := newMetricsNode(t, "GUEST_ACCESS=write", "ALLOWED_ORIGINS=https://ops.example")
	cookie := func(role string) string { return "chat_session=" + token(t, role) }
	for _, row := range []struct {
		name    string
		headers []string
		status  int
		code    string
	}{
		{"key", []string{"Authorization", "Bearer " + metricsKey}, 200, ""},
		{"key, from a page", []string{"Authorization", "Bearer " + metricsKey, "Origin", "https://evil.example"}, 200, ""},
		{"wrong key", []string{"Authorization", "Bearer " + metricsKey + "x"}, 401, "bad_credentials"},
		{"key with scheme Basic", []string{"Authorization", "Basic " + metricsKey}, 401, "unauthorized"},
		{"no credentials", nil, 401, "unauthorized"},
		{"admin token", []string{"Authorization", "Bearer " + token(t, "admin")}, 200, ""},
		{"member token", []string{"Authorization", "Bearer " + token(t, "member")}, 403, "forbidden"},
		{"admin cookie", []string{"Cookie", cookie("admin")}, 200, ""},
		{"admin cookie, same origin", []string{"Cookie", cookie("admin"), "Origin", "http://chat.example"}, 200, ""},
		{"admin cookie, allowed origin", []string{"Cookie", cookie("admin"), "Origin", "https://ops.example"}, 200, ""},
		{"admin cookie, other origin", []string{"Cookie", cookie("admin"), "Origin", "https://evil.example"}, 403, "bad_origin"},
		{"member cookie", []string{"Cookie", cookie("member")}, 403, "forbidden"},
		{"invalid cookie", []string{"Cookie", "chat_session=x"}, 401, "bad_credentials"},
	} {
		w := n.ask(row.headers...)
		if w.Code != row.status {
			t.Errorf("%s: status %d, want %d", row.name, w.Code, row.status)
			continue
		}
		if row.status == http.StatusOK {
			continue
		}
		var problem struct {
			Title, Code string
			Status      int
		}
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || problem.Code != row.code || problem.Status != row.status || problem.Title == "" {
			t.Errorf("%s: %s (%v), want code %s", row.name, w.Body, err, row.code)
		}
		if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s: Content-Type is %s", row.name, kind)
		}
		if challenge := w.Header().Get("WWW-Authenticate"); (challenge == "Bearer") != (row.status == http.StatusUnauthorized) {
			t.Errorf("%s: WWW-Authenticate is %q", row.name, challenge)
		}
	}
}

func TestMetricsWithoutKeyConfigured(t *testing.T) {
	n := newMetricsNode(t, "METRICS_API_KEY=", "AUTH_JWT_SECRET=")
	for _, authorization := range []string{"", "Bearer ", "Bearer x"} {
		if w := n.ask("Authorization", authorization); w.Code != http.StatusUnauthorized {
			t.Errorf("%q: status %d, want 401", authorization, w.Code)
		}
	}
}

func TestMetricsDenialsAreCounted(t *testing.T) {
	n := newMetricsNode(t)
	n.ask()
	n.ask("Authorization", "Bearer wrong")
	n.ask("Authorization", "Bearer wrong")
	text := n.scrape(t)
	for _, line := range []string{
		`chatnode_metrics_rejected_total{reason="unauthorized"} 1.0`, `chatnode_metrics_rejected_total{reason="bad_credentials"} 2.0`,
		`chatnode_metrics_rejected_total{reason="bad_origin"} 0.0`, `chatnode_auth_failures_total{reason="malformed"} 2.0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
}
