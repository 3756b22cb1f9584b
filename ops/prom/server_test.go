package prom

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"chatnode/ops/e2e/cluster"
	"chatnode/transport/proctest"
)

// waitTimeout is the timeout of all waits, on a busy machine.
const waitTimeout = 60 * time.Second

// server is a Prometheus on a free port with the shipped configuration.
type server struct {
	base string
	log  string
	*proctest.Process
}

// serve starts Prometheus on a copy of the shipped files with this key and these targets. It ends with the test.
func serve(t *testing.T, key string, targets ...string) *server {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"prometheus.yml", "alerts.yml"} {
		write(t, dir, name, read(t, prometheusDir, name))
	}
	write(t, dir, "metrics_api_key", key+"\n")
	list, err := json.Marshal([]map[string]any{{"targets": targets, "labels": map[string]string{"cluster": "chat"}}})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "targets.json", string(list))
	address := fmt.Sprintf("127.0.0.1:%d", cluster.FreePort(t))
	s := &server{base: "http://" + address, log: filepath.Join(dir, "log")}
	s.launch(t, exec.Command(program(t, "prometheus", "prometheus"),
		"--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address))
	s.until(t, "ready", func() bool { return s.get("/-/ready", nil) == nil })
	return s
}

func (s *server) launch(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close() // the program has its own handle
	cmd.Stdout, cmd.Stderr = log, log
	if s.Process, err = proctest.Start(cmd); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("Prometheus said:\n%s", read(t, s.log))
		}
	})
}

// get reads the data of a response of the API into v; nil: only the status is checked.
func (s *server) get(path string, v any) error {
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Get(s.base + path)
	if err != nil {
		return fmt.Errorf("ask Prometheus: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("ask Prometheus for %s: %s", path, res.Status)
	}
	if v == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(&struct{ Data any }{v})
}

// until polls until ok.
func (s *server) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(waitTimeout)
	for !ok() {
		select {
		case <-tick.C:
		case <-s.Exited():
			t.Fatalf("Prometheus ended before it was %s", what)
		case <-deadline:
			t.Fatalf("not %s in %v", what, waitTimeout)
		}
	}
}

// target is a line of the page of targets.
type target struct {
	Labels    map[string]string
	Health    string // up, down or unknown
	LastError string
}

func (s *server) targets(t *testing.T) []target {
	t.Helper()
	var page struct{ ActiveTargets []target }
	if err := s.get("/api/v1/targets", &page); err != nil {
		t.Fatal(err)
	}
	return page.ActiveTargets
}

// query returns the value of an expression by instance.
func (s *server) query(t *testing.T, expr string) map[string]string {
	t.Helper()
	var answer struct {
		Result []struct {
			Metric map[string]string
			Value  [2]any // time, value
		}
	}
	if err := s.get("/api/v1/query?query="+url.QueryEscape(expr), &answer); err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, r := range answer.Result {
		values[r.Metric["instance"]] = fmt.Sprint(r.Value[1])
	}
	return values
}
