package prom

import (
	"context"
	"slices"
	"testing"

	"chatnode/ops/e2e/client"
)

func TestPrometheusScrapesNode(t *testing.T) { scrapes(t, 1) }

func TestPrometheusScrapesTwoNodes(t *testing.T) { scrapes(t, 2) }

// scrapes checks that each node is up on the page of targets and counts the same instances, and that no alert is
// pending.
func scrapes(t *testing.T, nodes int) {
	c := start(t, nodes)
	var addresses []string
	for _, n := range c.Nodes {
		addresses = append(addresses, n.Addr)
	}
	visit(t, addresses[0])
	p := serve(t, metricsKey, addresses...)
	p.until(t, "all up", func() bool {
		targets := p.targets(t)
		return len(targets) == nodes && !slices.ContainsFunc(targets, func(x target) bool { return x.Health != "up" })
	})
	want := map[int]string{1: "1", 2: "2"}[nodes]
	p.until(t, "counted", func() bool {
		got := p.query(t, "chatnode_cluster_instances")
		return len(got) == nodes && !slices.ContainsFunc(addresses, func(a string) bool { return got[a] != want })
	})
	p.until(t, "told of the session", func() bool { return p.query(t, "chatnode_sessions")[addresses[0]] == "1" })
	p.rulesAreHealthy(t)
}

// visit connects a client until the test ends.
func visit(t *testing.T, address string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitTimeout)
	defer cancel()
	s, err := client.Open(ctx, client.Dial{Addr: address}, nil)
	if err != nil {
		t.Fatalf("connect to %s: %v", address, err)
	}
	t.Cleanup(s.Close)
}

// rulesAreHealthy waits until Prometheus has evaluated all alerts without an error, and none fires.
func (s *server) rulesAreHealthy(t *testing.T) {
	t.Helper()
	type rule struct{ Name, Health, LastError, State string }
	var page struct{ Groups []struct{ Rules []rule } }
	s.until(t, "done with every alert", func() bool {
		if err := s.get("/api/v1/rules", &page); err != nil {
			t.Fatal(err)
		}
		return len(page.Groups) == 1 && !slices.ContainsFunc(page.Groups[0].Rules, func(r rule) bool { return r.Health == "unknown" })
	})
	if got, want := len(page.Groups[0].Rules), len(alerts(t)); got != want {
		t.Errorf("%d alerts are loaded, want %d", got, want)
	}
	for _, r := range page.Groups[0].Rules {
		if r.Health != "ok" || r.State == "firing" {
			t.Errorf("%s is %s (%s), %s", r.Name, r.Health, r.LastError, r.State)
		}
	}
}

func TestWrongKeyIsDown(t *testing.T) {
	c := start(t, 1)
	p := serve(t, metricsKey+"x", c.Nodes[0].Addr)
	p.until(t, "down", func() bool {
		targets := p.targets(t)
		return len(targets) == 1 && targets[0].Health == "down" && targets[0].LastError == "server returned HTTP status 401 Unauthorized"
	})
}
