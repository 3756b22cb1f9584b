package cluster

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"chatnode/transport/proctest"
)

// waitTimeout is the timeout of all waiting. The machine may be busy, and the node built with -race.
const waitTimeout = 30 * time.Second

// logTail is the number of bytes of a node's log that a failed test prints.
const logTail = 16 << 10

// Node is one chatnode process after another, on one port and one data folder.
type Node struct {
	ID   string
	Addr string // host:port
	Dir  string // DATA_DIR
	Env  map[string]string

	binary  string
	log     string // path of the log of all its processes
	process *proctest.Process
}

func newNode(t testing.TB, binary, id string, env map[string]string) *Node {
	t.Helper()
	port := FreePort(t)
	n := &Node{
		ID: id, Addr: fmt.Sprintf("127.0.0.1:%d", port), Dir: t.TempDir(), Env: maps.Clone(env),
		binary: binary, log: filepath.Join(t.TempDir(), id+".log"),
	}
	n.Env["PORT"], n.Env["DATA_DIR"], n.Env["INSTANCE_ID"] = strconv.Itoa(port), n.Dir, id
	t.Cleanup(func() { n.finish(t) })
	return n
}

// Start starts the process and does not wait for it to be ready.
func (n *Node) Start(t testing.TB) {
	t.Helper()
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatalf("open the log of %s: %v", n.ID, err)
	}
	defer log.Close()
	cmd := exec.Command(n.binary)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + n.Dir}
	for k, v := range n.Env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	if n.process, err = proctest.Start(cmd); err != nil {
		t.Fatal(err)
	}
}

// Ready waits until /readyz returns 200.
func (n *Node) Ready(t testing.TB) {
	t.Helper()
	n.Until(t, "ready", func() bool { return n.Status("/readyz") == http.StatusOK })
}

// Restart starts the process again and waits until it is ready.
func (n *Node) Restart(t testing.TB) {
	t.Helper()
	n.Start(t)
	n.Ready(t)
}

// Status returns the status code of a GET, or 0 without a response within a second.
func (n *Node) Status(path string) int {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Addr+path, nil)
	if err != nil {
		panic(fmt.Sprintf("cluster: request %s: %v", path, err)) // only tests choose the path
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = res.Body.Close() // only the status is used
	return res.StatusCode
}

// Until polls until ok. It fails the test if the process ends or waitTimeout expires.
func (n *Node) Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(waitTimeout)
	for !ok() {
		select {
		case <-tick.C:
		case <-n.process.Exited():
			t.Fatalf("%s ended (%v) before it was %s", n.ID, n.process.State(), what)
		case <-deadline:
			t.Fatalf("%s was not %s in %v", n.ID, what, waitTimeout)
		}
	}
}

// Log returns the output of all processes of the node.
func (n *Node) Log(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(n.log)
	if err != nil && !os.IsNotExist(err) {
		t.Errorf("read the log of %s: %v", n.ID, err)
	}
	return string(text)
}

// finish kills the process, and prints the log if the test has failed.
func (n *Node) finish(t testing.TB) {
	n.Kill()
	text := []byte(n.Log(t))
	if bytes.Contains(text, []byte("WARNING: DATA RACE")) {
		t.Errorf("%s has a data race", n.ID)
	}
	if t.Failed() {
		t.Logf("end of the log of %s:\n%s", n.ID, text[max(0, len(text)-logTail):])
	}
}
