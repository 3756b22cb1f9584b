package prom

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
)

// stayAtZero are metrics that are zero in a healthy chat. Each other panel must show more than zeros under the load of
// this test.
var stayAtZero = []string{
	"chatnode_degraded", "chatnode_bus_publish_failures_total", "chatnode_bus_dropped_total",
	"chatnode_room_gaps_total", "chatnode_room_resyncs_total", "chatnode_duplicate_deliveries_total", "chatnode_reappends_total",
	"chatnode_journal_bytes", "chatnode_journal_entries",
	"chatnode_outboxes_opened_total", "chatnode_slow_consumers_total",
	"chatnode_actor_mailbox_depth", "chatnode_actor_mailbox_utilization_max_ratio", // between two messages
	"chatnode_actor_panics_total", "chatnode_actor_messages_rejected_total", "chatnode_actor_send_waits_total",
}

// asGrafanaDoes replaces variables as Grafana does for "All".
var asGrafanaDoes = strings.NewReplacer("$__rate_interval", "1m", "$cluster", ".*", "$instance", ".*")

// Each panel and variable of the dashboard has data of two nodes with users, queried from Prometheus like Grafana does.
func TestPanelsHaveData(t *testing.T) {
	c := start(t, 2)
	a, b := c.Nodes[0].Addr, c.Nodes[1].Addr
	visit(t, a)
	visit(t, b)
	ctx, cancel := context.WithCancel(t.Context())
	var crowd sync.WaitGroup
	defer crowd.Wait()
	defer cancel()
	crowd.Go(func() { bustle(ctx, a, b) })
	p := serve(t, metricsKey, a, b)
	file := filepath.Join(grafanaDir, "dashboards", "chatnode.json")
	panels := 0
	for _, expr := range queries(t, file) {
		if of, ok := strings.CutPrefix(expr, "label_values("); ok {
			p.offers(t, asGrafanaDoes.Replace(of), map[string][]string{"cluster": {"chat"}, "instance": {a, b}})
			continue
		}
		panels++
		p.shows(t, expr)
	}
	if panels < 50 {
		t.Errorf("only %d queries of panels were found", panels)
	}
}

// shows waits until the query of a panel returns numbers that are not all zero.
func (s *server) shows(t *testing.T, expr string) {
	t.Helper()
	metric := metricName.FindString(expr)
	var got []float64
	eventually(t, func() bool {
		got = s.values(t, asGrafanaDoes.Replace(expr))
		return len(got) > 0 && !slices.ContainsFunc(got, math.IsNaN) &&
			(slices.Contains(stayAtZero, metric) || slices.ContainsFunc(got, func(v float64) bool { return v > 0 }))
	}, func() string { return fmt.Sprintf("%s shows %v", expr, got) })
}

// values returns the current values of a query, of all series.
func (s *server) values(t *testing.T, expr string) (all []float64) {
	t.Helper()
	var answer struct {
		Result []struct{ Value [2]any } // time, value
	}
	if err := s.get("/api/v1/query?query="+url.QueryEscape(expr), &answer); err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	for _, r := range answer.Result {
		v, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		if err != nil {
			t.Fatalf("%s: %v", expr, err)
		}
		all = append(all, v)
	}
	return all
}

var labelValues = regexp.MustCompile(`^(.+), ([a-z]+)\)$`)

// offers waits until a variable, the arguments of label_values, has the expected values.
func (s *server) offers(t *testing.T, of string, want map[string][]string) {
	t.Helper()
	m := labelValues.FindStringSubmatch(of)
	if m == nil || want[m[2]] == nil {
		t.Fatalf("unknown variable %s", of)
	}
	slices.Sort(want[m[2]])
	var got []string
	eventually(t, func() bool {
		if err := s.get("/api/v1/label/"+m[2]+"/values?match[]="+url.QueryEscape(m[1]), &got); err != nil {
			t.Fatal(err)
		}
		return slices.Equal(got, want[m[2]])
	}, func() string { return fmt.Sprintf("%s is %v, want %v", m[2], got, want[m[2]]) })
}

// bustle simulates users: on each node one joins, writes, exceeds the rate limit, sends a duplicate and an invalid
// command, and leaves, and one is refused.
func bustle(ctx context.Context, addresses ...string) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		for _, address := range addresses {
			visitor(ctx, address)
			stranger(ctx, address)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// visitor ignores errors, because the panels show them and the test waits for that.
func visitor(ctx context.Context, address string) {
	token := client.Token(tokenSecret, client.Claim{Sub: "ann", ExpiresIn: time.Hour})
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	s, err := client.Open(ctx, client.Dial{Addr: address, Token: token}, nil)
	if err != nil {
		return
	}
	defer s.Close()
	visit := rand.Text() // otherwise they would be retries of an earlier visit
	for i := range 12 {
		_ = s.Send(client.Command{Type: "send_message", ID: visit + strconv.Itoa(i/2), Room: "global", Message: "hello"})
	}
	_ = s.Send(client.Command{Type: "nonsense", ID: "end"})
	_, _ = s.Await(ctx, func(f client.Frame) bool { return f.Type == "error" })
}

// stranger connects with a bad token, and asks for /metrics with a bad key.
func stranger(ctx context.Context, address string) {
	if s, err := client.Open(ctx, client.Dial{Addr: address, Token: "bad"}, nil); err == nil {
		s.Close()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/metrics", nil)
	if err != nil {
		return
	}
	req.Header.Set("Authorization", "Bearer bad")
	if res, err := http.DefaultClient.Do(req); err == nil {
		_ = res.Body.Close() // it is refused
	}
}

// Grafana accepts the dashboard: its panels have unique ids, do not overlap within the 24 columns of the grid, have
// titles, units or legends, and use the provisioned data source.
func TestDashboardIsComplete(t *testing.T) {
	var board struct {
		Panels []struct {
			ID         int
			Type       string
			Title      string
			GridPos    struct{ X, Y, W, H int }
			Datasource struct{ Type, UID string }
			Targets    []struct{ RefID, Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, grafanaDir, "dashboards", "chatnode.json")), &board); err != nil {
		t.Fatal(err)
	}
	if source := read(t, grafanaDir, "provisioning", "datasources", "prometheus.yml"); !strings.Contains(source, "uid: prometheus ") {
		t.Error("the data source is not called prometheus")
	}
	ids, taken := map[int]string{}, map[[2]int]string{}
	for _, p := range board.Panels {
		if other, twice := ids[p.ID]; twice || p.ID == 0 || p.Title == "" {
			t.Errorf("panel %q has the id %d, as %q", p.Title, p.ID, other)
		}
		ids[p.ID] = p.Title
		if p.Type != "row" && (len(p.Targets) == 0 || p.Datasource.UID != "prometheus") {
			t.Errorf("%s asks %q for %d things", p.Title, p.Datasource.UID, len(p.Targets))
		}
		if g := p.GridPos; g.W < 1 || g.H < 1 || g.X+g.W > 24 {
			t.Errorf("%s is at %+v", p.Title, g)
		}
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other, full := taken[[2]int{x, y}]; full {
					t.Fatalf("%s overlaps %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
}
