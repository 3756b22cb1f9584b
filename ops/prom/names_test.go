package prom

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chatnode/ops/e2e/cluster"
)

// metricName matches names of chatnode, of the Go runtime and of the process.
var metricName = regexp.MustCompile(`\b(?:chatnode|go|process)_[a-z0-9_]+\b`)

// scrape returns the metrics that Prometheus receives.
func scrape(t *testing.T, n *cluster.Node) string {
	t.Helper()
	return n.Get(t, "/metrics", metricsKey, "text/plain")
}

// exported returns the names in a scrape.
func exported(text string) map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			names[metricName.FindString(line)] = true
		}
	}
	return names
}

// used returns the names that alerts and dashboards use, and where.
func used(t *testing.T) map[string][]string {
	t.Helper()
	names := map[string][]string{}
	note := func(where, expr string) {
		for _, name := range metricName.FindAllString(expr, -1) {
			names[name] = append(names[name], where)
		}
	}
	for _, a := range alerts(t) {
		note("alert "+a.name, a.expr)
	}
	files, err := filepath.Glob(filepath.Join(grafanaDir, "dashboards", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	for _, file := range files {
		for _, expr := range queries(t, file) {
			note(filepath.Base(file), expr)
		}
	}
	return names
}

// queries returns all expressions and variables of a dashboard.
func queries(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels     []struct{ Targets []struct{ Expr string } }
		Templating struct{ List []struct{ Definition string } }
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var all []string
	for _, v := range board.Templating.List {
		all = append(all, v.Definition)
	}
	for _, p := range board.Panels {
		for _, q := range p.Targets {
			all = append(all, q.Expr)
		}
	}
	return all
}

func TestQueriesUseExportedMetrics(t *testing.T) {
	names := exported(scrape(t, start(t, 1).Nodes[0]))
	wanted := used(t)
	if len(wanted) < 40 {
		t.Errorf("only %d names are used: %v", len(wanted), slices.Sorted(maps.Keys(wanted)))
	}
	for name, where := range wanted {
		if !names[name] {
			t.Errorf("%s is not exported; used by %v", name, where)
		}
	}
}

func TestPromtoolAcceptsNames(t *testing.T) {
	text := scrape(t, start(t, 1).Nodes[0])
	var ours strings.Builder // names of the Go runtime are not checked
	for line := range strings.Lines(text) {
		if strings.Contains(line, "chatnode_") {
			ours.WriteString(line)
		}
	}
	if out, err := promtool(t, ".", []byte(ours.String()), "check", "metrics"); err != nil || strings.TrimSpace(out) != "" {
		t.Errorf("%v\n%s", err, out)
	}
}

// Prometheus can parse each query of the dashboards.
func TestDashboardQueriesParse(t *testing.T) {
	fill := strings.NewReplacer("$__rate_interval", "1m", "$cluster", ".*", "$instance", ".*")
	var rules strings.Builder
	rules.WriteString("groups:\n  - name: dashboard\n    rules:\n")
	n := 0
	for _, expr := range queries(t, filepath.Join(grafanaDir, "dashboards", "chatnode.json")) {
		if !strings.HasPrefix(expr, "label_values(") {
			n++
			quoted, err := json.Marshal(fill.Replace(expr))
			if err != nil {
				t.Fatal(err)
			}
			rules.WriteString("      - record: panel:query\n        expr: " + string(quoted) + "\n")
		}
	}
	dir := t.TempDir()
	write(t, dir, "queries.yml", rules.String())
	if out, err := promtool(t, dir, nil, "check", "rules", "--lint=none", "queries.yml"); err != nil || n == 0 {
		t.Errorf("%d queries: %v\n%s", n, err, out)
	}
}
