package prom

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// alert is a rule as written in the file.
type alert struct {
	name, expr, hold string // hold: "for"; empty if it fires at once
	runbook          string
}

var (
	alertLine = regexp.MustCompile(`(?m)^ +- alert: (\w+)$`)
	exprLine  = regexp.MustCompile(`(?m)^ +expr: (.+)$`)
	holdLine  = regexp.MustCompile(`(?m)^ +for: (\w+)$`)
	bookLine  = regexp.MustCompile(`(?m)^ +runbook_url: (.+)$`)
	bound     = regexp.MustCompile(` > ([0-9.]+)$`)
	equals    = regexp.MustCompile(` == ([01])$`)
)

// alerts reads the shipped alerts.
func alerts(t testing.TB) []alert {
	t.Helper()
	text := read(t, prometheusDir, "alerts.yml")
	starts := alertLine.FindAllStringSubmatchIndex(text, -1)
	var all []alert
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		body := text[at[0]:end]
		all = append(all, alert{text[at[2]:at[3]], first(exprLine, body), first(holdLine, body), first(bookLine, body)})
	}
	if len(all) == 0 {
		t.Fatal("no alerts were found")
	}
	return all
}

func first(pattern *regexp.Regexp, text string) string {
	if m := pattern.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

func TestPromtoolAcceptsRules(t *testing.T) {
	if out, err := promtool(t, prometheusDir, nil, "check", "rules", "--lint=all", "--lint-fatal", "alerts.yml"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, err := promtool(t, prometheusDir, nil, "check", "config", "--syntax-only", "prometheus.yml"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAlerts(t *testing.T) {
	if out, err := promtool(t, prometheusDir, nil, "test", "rules", "alerts_test.yml"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	cases := read(t, prometheusDir, "alerts_test.yml")
	for _, a := range alerts(t) {
		if !strings.Contains(cases, "alertname: "+a.name+"\n        exp_alerts:\n") {
			t.Errorf("%s is never tested to fire", a.name)
		}
		if !strings.Contains(cases, "alertname: "+a.name+"\n        exp_alerts: []\n") {
			t.Errorf("%s is never tested not to fire", a.name)
		}
	}
}

// The alerts of the guide: publish failures > 10 in 1 min, latency > 100 ms for 5 min, degraded, instance count,
// heartbeat > 30 s.
func TestGuideThresholds(t *testing.T) {
	want := map[string]alert{
		"ChatnodePublishFailures":  {expr: "increase(chatnode_bus_publish_failures_total[1m]) > 10"},
		"ChatnodePublishLatency":   {expr: "chatnode_publish_latency_mean_seconds > 0.1", hold: "5m"},
		"ChatnodeDegraded":         {expr: "chatnode_degraded == 1"},
		"ChatnodeHeartbeatMissing": {expr: "chatnode_cluster_heartbeat_age_max_seconds > 30"},
	}
	for _, a := range alerts(t) {
		if w, ok := want[a.name]; ok && (a.expr != w.expr || a.hold != w.hold) {
			t.Errorf("%s is %q for %q, want %q for %q", a.name, a.expr, a.hold, w.expr, w.hold)
		}
		delete(want, a.name)
	}
	for name := range want {
		t.Errorf("there is no alert %s", name)
	}
}

// Each change of a threshold or duration fails a test of the alerts.
func TestAlertTestsDetectChange(t *testing.T) {
	text, cases := read(t, prometheusDir, "alerts.yml"), read(t, prometheusDir, "alerts_test.yml")
	for _, a := range alerts(t) {
		changed := mutants(t, a)
		if len(changed) == 0 {
			t.Errorf("%s: nothing to change was found in %q", a.name, a.expr)
		}
		for what, lines := range changed {
			dir := t.TempDir()
			from := strings.Index(text, "- alert: "+a.name+"\n")
			mutated := text[:from] + strings.Replace(text[from:], lines[0], lines[1], 1)
			write(t, dir, "alerts.yml", mutated)
			write(t, dir, "alerts_test.yml", cases)
			out, err := promtool(t, dir, nil, "test", "rules", "alerts_test.yml")
			if err == nil || !strings.Contains(out, "alertname: "+a.name) { // and not because the change is no valid rule
				t.Errorf("%s: no test fails for %s:\n%s", a.name, what, out)
			}
		}
	}
}

// mutants returns changes of an alert: the old and the new line, by name.
func mutants(t *testing.T, a alert) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	expr := func(what, changed string) { all[what] = [2]string{"expr: " + a.expr + "\n", "expr: " + changed + "\n"} }
	if n := first(bound, a.expr); n != "" {
		limit, err := strconv.ParseFloat(n, 64)
		if err != nil {
			t.Fatal(err)
		}
		for _, factor := range []float64{0.5, 2} {
			expr(fmt.Sprintf("a threshold of %g", limit*factor), bound.ReplaceAllString(a.expr, fmt.Sprintf(" > %g", limit*factor)))
		}
	}
	if n := first(equals, a.expr); n != "" {
		expr("the opposite", equals.ReplaceAllString(a.expr, map[string]string{"0": " == 1", "1": " == 0"}[n]))
	}
	if strings.Contains(a.expr, " != ") {
		expr("the opposite", strings.Replace(a.expr, " != ", " == ", 1))
	}
	if a.hold != "" {
		all["firing at once"] = [2]string{"for: " + a.hold + "\n", "for: 0s\n"}
		all["firing much later"] = [2]string{"for: " + a.hold + "\n", "for: 30m\n"}
	}
	return all
}
