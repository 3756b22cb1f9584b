package rollout

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chatnode/ops/e2e/cluster"
)

const (
	tokenSecret = "a rollout secret of more than 32 characters"
	metricsKey  = "a-rollout-metrics-key-of-32-characters-or-more"
)

// fleet is the nodes as the scripts see them.
type fleet struct {
	*testing.T
	dir    string   // FLEET_DIR
	socket string   // LB_SOCKET
	addr   string   // address of the load balancer, host:port
	env    []string // of the scripts, in addition to that of the test
}

// newFleet starts Redis, the load balancer and the serving nodes. It describes the spares without starting them. All of
// it ends with the test.
func newFleet(t *testing.T, serving, spares []string) *fleet {
	t.Helper()
	f := &fleet{T: t, dir: t.TempDir()}
	f.socket = filepath.Join(f.dir, "lb.sock")
	f.addr = loopback(cluster.FreePort(t))
	redis := startRedis(t)
	t.Cleanup(f.report)
	env := []string{"LB_BIND=" + f.addr, "LB_STATS=" + loopback(cluster.FreePort(t)), "LB_MAXCONN=2000"}
	for i, id := range slices.Concat(serving, spares) {
		port := cluster.FreePort(t)
		f.describe(id, map[string]string{"PORT": strconv.Itoa(port), "REDIS_URL": redis})
		if i < 2 { // haproxy.cfg has two nodes; the scripts add the others
			env = append(env, fmt.Sprintf("NODE_%d=%s", i+1, loopback(port)))
		}
	}
	keep(t, f.dir, f.socket, env)
	for _, id := range serving {
		f.must("fleet.sh", "bring_up", id)
	}
	return f
}

// describe writes the settings of a node, which override those of all nodes, and links its program.
func (f *fleet) describe(id string, own map[string]string) {
	f.Helper()
	env := map[string]string{
		"HOST": "127.0.0.1", "INSTANCE_ID": id, "DATA_DIR": filepath.Join(f.dir, id),
		"ENABLE_DISTRIBUTED_CHAT": "true", "METRICS_API_KEY": metricsKey, "AUTH_JWT_SECRET": tokenSecret,
		"DRAIN_DELAY": "1s", "HEARTBEAT_INTERVAL": "2s", "INSTANCE_DEAD_AFTER": "9s",
		"RATE_LIMIT": "off", "HISTORY_SIZE": "1000000", "LOG_FORMAT": "json",
	}
	maps.Copy(env, own)
	var lines strings.Builder
	for k, v := range env {
		fmt.Fprintf(&lines, "%s=%s\n", k, v)
	}
	if err := os.WriteFile(f.path(id, "env"), []byte(lines.String()), 0o600); err != nil {
		f.Fatal(err)
	}
	if err := os.Symlink(binary, f.path(id, "bin")); err != nil {
		f.Fatal(err)
	}
}

// set changes one setting of a node that does not run.
func (f *fleet) set(id, key, value string) {
	f.Helper()
	file, err := os.OpenFile(f.path(id, "env"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	if _, err := fmt.Fprintf(file, "%s=%s\n", key, value); err != nil {
		f.Fatal(err)
	}
}

func (f *fleet) path(id, kind string) string { return filepath.Join(f.dir, id+"."+kind) }

// run runs a script of ops/deploy/scripts and returns its output and exit code.
func (f *fleet) run(script string, args ...string) (string, int) {
	f.Helper()
	cmd := exec.CommandContext(f.Context(), filepath.Join("..", "deploy", "scripts", script), args...)
	cmd.Env = slices.Concat(os.Environ(), []string{"FLEET_DIR=" + f.dir, "LB_SOCKET=" + f.socket}, f.env)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		f.Fatalf("%s: %v", script, err)
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// must runs a script that must succeed.
func (f *fleet) must(script string, args ...string) string {
	f.Helper()
	out, code := f.run(script, args...)
	if code != 0 {
		f.Fatalf("%s %s exited with %d:\n%s", script, strings.Join(args, " "), code, out)
	}
	f.Logf("%s %s:\n%s", script, strings.Join(args, " "), out)
	return out
}

// pid returns the process id of a node, or "" if it does not run.
func (f *fleet) pid(id string) string {
	text, err := os.ReadFile(f.path(id, "pid"))
	if err != nil && !os.IsNotExist(err) {
		f.Error(err)
	}
	return string(text)
}

// program returns the path of a node's program.
func (f *fleet) program(id string) string {
	f.Helper()
	path, err := os.Readlink(f.path(id, "bin"))
	if err != nil {
		f.Fatal(err)
	}
	return path
}

// report checks the logs of the nodes after they have ended.
func (f *fleet) report() {
	logs, err := filepath.Glob(f.path("*", "log"))
	if err != nil {
		f.Error(err)
	}
	for _, name := range logs {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Error(err)
		}
		if strings.Contains(string(text), "WARNING: DATA RACE") {
			f.Errorf("%s has a data race", name)
		}
		if f.Failed() {
			f.Logf("end of %s:\n%s", name, tail(string(text)))
		}
	}
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
