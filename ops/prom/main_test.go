package prom

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"chatnode/ops/e2e/cluster"
	"chatnode/transport/proctest"
	"chatnode/transport/redistest"
)

// Folders, relative to this package.
const (
	prometheusDir = "../deploy/prometheus"
	grafanaDir    = "../deploy/grafana"
	docsDir       = "../docs"
)

// Settings of the nodes of these tests.
const (
	metricsKey  = "a metrics key of more than 32 characters"
	tokenSecret = "a token secret of more than 32 characters"
	adminKey    = "an admin's key of more than 32 characters"
)

// binary is the program under test, built by TestMain. Its name is chatnode.
var binary string

func TestMain(m *testing.M) { os.Exit(cluster.Main(m, &binary)) }

// start runs nodes with the keys. Several nodes share a Redis.
func start(t *testing.T, nodes int) *cluster.Cluster {
	t.Helper()
	return cluster.Start(t, cluster.Options{Binary: binary, Nodes: nodes, Redis: nodes > 1, Env: map[string]string{
		"METRICS_API_KEY": metricsKey, "AUTH_JWT_SECRET": tokenSecret,
	}})
}

// program returns the path of an installed program.
func program(t testing.TB, name, pkg string) string {
	t.Helper()
	path, err := proctest.Find(name, pkg)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// eventually polls until ok. otherwise returns the text of the failure.
func eventually(t *testing.T, ok func() bool, otherwise func() string) {
	t.Helper()
	redistest.WaitOr(t, waitTimeout, ok, otherwise)
}

// promtool runs promtool in a folder and returns its output.
func promtool(t testing.TB, dir string, stdin []byte, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t, "promtool", "prometheus"), args...)
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func read(t testing.TB, elements ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatalf("read a shipped file: %v", err)
	}
	return string(text)
}

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatalf("write %s: %v", name, err)
	}
}
