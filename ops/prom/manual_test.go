package prom

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/transport/redistest"
)

// manual runs the commands of OPERATIONS.md on a standalone node, and on three nodes with a Redis that has the settings
// of the document.
type manual struct {
	*testing.T
	alone *cluster.Node
	many  []*cluster.Node // api-1, api-2, api-3
	redis *redistest.Server
	bin   string // first in PATH
	env   []string
}

// The documented commands run unchanged, except for the addresses.
func TestDocumentedCommands(t *testing.T) {
	program(t, "curl", "curl")
	all := snippets(t, "OPERATIONS.md")
	m := newManual(t, confOf(t, all))
	for _, s := range all {
		switch s.mark {
		case "run":
			m.until(s, m.alone.Addr, ".")
		case "run cluster":
			m.until(s, m.many[0].Addr, ".")
		case "run prometheus":
			m.until(s, "", shippedPrometheus(t))
		case "run shell":
			m.until(s, "", t.TempDir())
		case "run conf": // settings of this Redis
		case "start":
			m.start(s)
		case "kubectl": // ops/deploy compares these with the manifests
		default:
			t.Errorf("where is %q?\n%s", s.mark, s.commands)
		}
	}
	if !strings.Contains(m.alone.Log(t), `"log_level":`) {
		t.Error("the node did not change its log level")
	}
}

// confOf returns the redis.conf of a document.
func confOf(t *testing.T, all []snippet) []string {
	t.Helper()
	for _, s := range all {
		if s.mark == "run conf" {
			return strings.Split(strings.TrimSpace(s.commands), "\n")
		}
	}
	t.Fatal("the document has no redis.conf")
	return nil
}

func newManual(t *testing.T, conf []string) *manual {
	t.Helper()
	m := &manual{T: t, redis: redistest.Start(t, redistest.Config{Lines: conf}), bin: t.TempDir()}
	own := map[string]string{"METRICS_API_KEY": metricsKey, "AUTH_JWT_SECRET": tokenSecret, "ADMIN_API_KEY": adminKey}
	m.alone = cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Name: "api", Env: own}).Nodes[0]
	own["ENABLE_DISTRIBUTED_CHAT"], own["REDIS_URL"] = "true", m.redis.URL()
	m.many = cluster.Start(t, cluster.Options{Binary: binary, Nodes: 3, Name: "api", Env: own}).Nodes
	if err := os.Symlink(binary, filepath.Join(m.bin, "chatnode")); err != nil {
		t.Fatal(err)
	}
	cli := fmt.Sprintf("#!/bin/sh\nexec %s -p %d \"$@\"\n", program(t, "redis-cli", "redis-tools"), m.redis.Port)
	if err := os.WriteFile(filepath.Join(m.bin, "redis-cli"), []byte(cli), 0o700); err != nil {
		t.Fatal(err)
	}
	m.env = []string{
		"PATH=" + m.bin + ":" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "METRICS_API_KEY=" + metricsKey, "ADMIN_API_KEY=" + adminKey,
		"AUTH_JWT_SECRET=" + tokenSecret, fmt.Sprintf("PID=%d", m.alone.Pid()),
	}
	m.populate()
	return m
}

// populate connects two members (one of them on two nodes), a guest and an admin.
func (m *manual) populate() {
	m.Helper()
	for i, user := range []string{"ann", "ann", "bob", "root", ""} {
		d := client.Dial{Addr: m.many[i%3].Addr}
		if user != "" {
			role := map[string]string{"root": "admin"}[user]
			d.Token = client.Token(tokenSecret, client.Claim{Sub: user, Role: role, ExpiresIn: time.Hour})
		}
		s, err := client.Open(m.Context(), d, nil)
		if err != nil {
			m.Fatalf("connect %q: %v", user, err)
		}
		m.Cleanup(s.Close)
	}
}

// until runs a block until it prints the documented output, because presence and the registry change with a delay.
func (m *manual) until(s snippet, address, dir string) {
	m.Helper()
	var err error
	eventually(m.T, func() bool {
		var out string
		if out, err = m.run(s, address, dir); err == nil {
			err = s.compare(out)
		}
		return err == nil
	}, func() string { return fmt.Sprint(err) })
}

// run runs a block in bash, or in redis-cli if it is a command of Redis.
func (m *manual) run(s snippet, address, dir string) (string, error) {
	commands := strings.ReplaceAll(s.commands, "localhost:3001", address)
	args := []string{"-euo", "pipefail", "-c", commands}
	if strings.HasPrefix(s.commands, "ACL ") {
		args = []string{"-euc", `exec redis-cli <<<"$1"`, "redis-cli", strings.TrimSpace(commands)}
	}
	cmd := exec.CommandContext(m.Context(), program(m, "bash", "bash"), args...)
	cmd.Env, cmd.Dir = m.env, dir
	var noise strings.Builder
	cmd.Stderr = &noise
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w:\n%s%s%s", err, s.commands, out, noise.String())
	}
	return string(out), nil
}

// shippedPrometheus returns a copy of ops/deploy/prometheus with a key.
func shippedPrometheus(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"prometheus.yml", "alerts.yml", "alerts_test.yml", "targets.json"} {
		write(t, dir, name, read(t, prometheusDir, name))
	}
	write(t, dir, "metrics_api_key", metricsKey+"\n")
	return dir
}

var portSetting = regexp.MustCompile(`\bPORT=\d+`)

// start runs each line of a block in its own terminal, waits until all nodes are ready, and checks that a message
// posted at the first is shown at all.
func (m *manual) start(s snippet) {
	m.Helper()
	ctx, cancel := context.WithTimeout(m.Context(), waitTimeout)
	defer cancel()
	dir := m.TempDir()
	var hear []*client.Session
	for line := range strings.Lines(s.commands) {
		port := fmt.Sprintf("PORT=%d", cluster.FreePort(m.T))
		line = strings.ReplaceAll(portSetting.ReplaceAllString(strings.TrimSpace(line), port), "redis:6379", m.redis.Addr)
		defer m.terminal(dir, line, port)()
		hear = append(hear, m.meet(ctx, "127.0.0.1:"+strings.TrimPrefix(port, "PORT=")))
	}
	if err := hear[0].Send(client.Command{Type: "send_message", ID: "1", Room: "global", Message: s.commands}); err != nil {
		m.Fatal(err)
	}
	for _, h := range hear {
		if _, err := h.Await(ctx, func(f client.Frame) bool { return f.Type == "new_message" && strings.Contains(f.Raw, "chatnode") }); err != nil {
			m.Fatalf("%s\n%v", s.commands, err)
		}
	}
}

// terminal runs a line until hangUp, or until the test binary ends.
func (m *manual) terminal(dir, line, port string) (hangUp func()) {
	m.Helper()
	cmd := exec.Command("bash", "-c", `(exec env `+line+"\n) & node=$!\nread -r _ || true\nkill $node\nwait $node")
	cmd.Env = append(m.env, port, "HOST=127.0.0.1", "REDIS_URL="+m.redis.URL(), "GUEST_ACCESS=write", "LOG_FORMAT=json", "DRAIN_DELAY=0s")
	cmd.Dir = dir
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	stdin, err := cmd.StdinPipe()
	if err != nil {
		m.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		m.Fatal(err)
	}
	return func() {
		_ = stdin.Close() // this ends the node
		if err := cmd.Wait(); err != nil || m.Failed() {
			m.Errorf("%s\nended with %v:\n%s", line, err, out.String())
		}
	}
}

// meet connects as soon as the node is ready, and waits until it is in the room.
func (m *manual) meet(ctx context.Context, address string) *client.Session {
	m.Helper()
	var s *client.Session
	var err error
	eventually(m.T, func() bool {
		s, err = client.Open(ctx, client.Dial{Addr: address}, nil)
		return err == nil
	}, func() string { return fmt.Sprint(err) })
	m.Cleanup(s.Close)
	if _, err := s.Await(ctx, func(f client.Frame) bool { return f.Type == "joined" }); err != nil {
		m.Fatal(err) // later messages are live, not part of the history
	}
	return s
}
