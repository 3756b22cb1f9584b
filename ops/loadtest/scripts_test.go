package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	e2e "chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/ops/webtest"
)

// The scripts for k6 and Artillery run unchanged in a browser. testdata/scripts replaces the modules of k6 and the
// engine of Artillery.

const (
	scriptUsers = 4
	scriptRooms = 2
)

// stage serves the scripts and their replacements, and runs a node that accepts the pages.
func stage(t *testing.T) (page string, node *cluster.Node) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/stand-in/", http.StripPrefix("/stand-in/", http.FileServer(http.Dir("testdata/scripts"))))
	for _, script := range []string{"k6.js", "artillery.cjs"} {
		mux.HandleFunc("/"+script, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			http.ServeFile(w, r, script)
		})
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{"LOG_LEVEL": "warn", "ALLOWED_ORIGINS": srv.URL}})
	return srv.URL + "/stand-in/", c.Nodes[0]
}

// stored counts the messages in the rooms prefix-0, prefix-1 and so on.
func stored(t *testing.T, node *cluster.Node, prefix string) (n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for i := range scriptRooms {
		room := fmt.Sprintf("%s-%d", prefix, i)
		s, err := e2e.Open(ctx, e2e.Dial{Addr: node.Addr, Query: url.Values{"room": {room}}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		messages, err := s.History(ctx, room, 200)
		s.Close()
		if err != nil {
			t.Fatal(err)
		}
		n += len(messages)
	}
	return n
}

// k6User is the result of one user of the k6 script.
type k6User struct {
	Checks  map[string]bool      `json:"checks"`
	Samples map[string][]float64 `json:"samples"`
	Options struct {
		Thresholds map[string][]string `json:"thresholds"`
		Scenarios  map[string]struct {
			VUs int `json:"vus"`
		} `json:"scenarios"`
	} `json:"options"`
	Faults []string `json:"faults"`
}

func sum(samples []float64) (total float64) {
	for _, v := range samples {
		total += v
	}
	return total
}

func TestK6Script(t *testing.T) {
	page, node := stage(t)
	env := url.Values{
		"users": {fmt.Sprint(scriptUsers)}, "USERS": {fmt.Sprint(scriptUsers)}, "ROOMS": {fmt.Sprint(scriptRooms)},
		"RATE": {"4"}, "DURATION": {"2s"}, "URL": {"ws://" + node.Addr + "/chat"},
	}
	tab := webtest.Open(webtest.Launch(t), t, page+"k6.html?"+env.Encode())
	tab.Wait("results().length", fmt.Sprint(scriptUsers))
	var users []k6User
	if err := json.Unmarshal([]byte(tab.Eval("JSON.stringify(results())")), &users); err != nil {
		t.Fatal(err)
	}
	acked := 0.0
	for i, u := range users {
		wantK6User(t, i+1, &u)
		acked += sum(u.Samples["chat_acked"])
	}
	if n := stored(t, node, "k6"); float64(n) != acked {
		t.Errorf("%v messages were acknowledged, %d are stored", acked, n)
	}
}

// wantK6User fails unless the user wrote, was answered, saw everything in order, and measured each threshold.
func wantK6User(t *testing.T, user int, u *k6User) {
	t.Helper()
	if len(u.Checks) == 0 || len(u.Faults) != 0 || u.Options.Scenarios["chat"].VUs != scriptUsers {
		t.Errorf("user %d: checks %v, faults %q, options %+v", user, u.Checks, u.Faults, u.Options)
	}
	for name, ok := range u.Checks {
		if !ok {
			t.Errorf("user %d: not %s", user, name)
		}
	}
	sent, acked := sum(u.Samples["chat_sent"]), sum(u.Samples["chat_acked"])
	if sent < 2 || acked != sent || sum(u.Samples["chat_delivered"]) < acked {
		t.Errorf("user %d: %v sent, %v acknowledged, %v delivered", user, sent, acked, sum(u.Samples["chat_delivered"]))
	}
	if len(u.Options.Thresholds) == 0 {
		t.Errorf("user %d: nothing can fail", user)
	}
	for name, rules := range u.Options.Thresholds {
		samples, known := u.Samples[name]
		switch {
		case name == "checks" && slices.Equal(rules, []string{"rate==1"}):
		case !known:
			t.Errorf("a threshold for %s, which is never measured", name)
		case slices.Equal(rules, []string{"count==0"}):
			if sum(samples) != 0 {
				t.Errorf("user %d: %s is %v", user, name, sum(samples))
			}
		case len(samples) == 0 || slices.Min(samples) < 0: // durations depend on the machine
			t.Errorf("user %d: %s has %v for %q", user, name, samples, rules)
		}
	}
}

// scenarioFile is the part of artillery.yml that the test uses.
type scenarioFile struct {
	Config struct {
		Processor string `json:"processor"`
		Ensure    struct {
			Thresholds []map[string]float64 `json:"thresholds"`
			Conditions []struct {
				Expression string `json:"expression"`
			} `json:"conditions"`
		} `json:"ensure"`
	} `json:"config"`
	Scenarios []struct {
		Engine string              `json:"engine"`
		Flow   []map[string]string `json:"flow"`
	} `json:"scenarios"`
}

// artilleryUser is the result of one user of the Artillery scenario.
type artilleryUser struct {
	Counters   map[string]int       `json:"counters"`
	Histograms map[string][]float64 `json:"histograms"`
	Errors     []string             `json:"errors"`
}

func TestArtilleryScenario(t *testing.T) {
	text, err := os.ReadFile("artillery.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file scenarioFile
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Scenarios) != 1 || len(file.Scenarios[0].Flow) != 2 || file.Scenarios[0].Engine != "ws" || file.Config.Processor != "./artillery.cjs" {
		t.Fatalf("the test does not know this scenario: %+v", file)
	}
	connect, step := file.Scenarios[0].Flow[0]["connect"], file.Scenarios[0].Flow[1]["function"]
	page, node := stage(t)
	var urls []string
	for i := range scriptUsers {
		at := strings.ReplaceAll(connect, "{{ target }}", "ws://"+node.Addr)
		urls = append(urls, regexp.MustCompile(`\{\{ \$randomNumber\(0, \d+\) }}`).ReplaceAllString(at, fmt.Sprint(i%scriptRooms)))
	}
	tab := webtest.Open(webtest.Launch(t), t, page+"artillery.html")
	args, err := json.Marshal([]any{"/artillery.cjs", step, urls})
	if err != nil {
		t.Fatal(err)
	}
	tab.Eval("void run(..." + string(args) + ")")
	tab.Wait("outcomes.length", fmt.Sprint(scriptUsers))
	var users []artilleryUser
	if err := json.Unmarshal([]byte(tab.Eval("JSON.stringify(outcomes)")), &users); err != nil {
		t.Fatal(err)
	}
	acked := 0
	for i, u := range users {
		wantArtilleryUser(t, i+1, &u, &file)
		acked += u.Counters["chat.acked"]
	}
	if n := stored(t, node, "artillery"); n != acked {
		t.Errorf("%d messages were acknowledged, %d are stored", acked, n)
	}
}

// wantArtilleryUser fails unless the user wrote, was answered, saw everything in order, and measured each condition of
// the file.
func wantArtilleryUser(t *testing.T, user int, u *artilleryUser, file *scenarioFile) {
	t.Helper()
	sent, acked := u.Counters["chat.sent"], u.Counters["chat.acked"]
	if len(u.Errors) != 0 || sent == 0 || acked != sent || u.Counters["chat.delivered"] < acked {
		t.Errorf("user %d: %+v", user, u)
	}
	known := []string{"vusers.failed"} // metric of Artillery
	for name := range u.Counters {
		known = append(known, name)
	}
	for _, c := range file.Config.Ensure.Conditions {
		for _, name := range regexp.MustCompile(`[a-z]+\.[a-z_]+`).FindAllString(c.Expression, -1) {
			if !slices.Contains(known, name) {
				t.Errorf("a condition on %s, which is never counted", name)
			}
		}
	}
	for _, threshold := range file.Config.Ensure.Thresholds {
		for name := range threshold {
			if metric := name[:strings.LastIndex(name, ".")]; len(u.Histograms[metric]) != sent {
				t.Errorf("user %d: %d samples for the threshold on %s", user, len(u.Histograms[metric]), name)
			}
		}
	}
}
