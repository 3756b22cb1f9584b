package redistest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"chatnode/transport/proctest"
)

// waitTimeout is the maximum time until a process answers after its start. It is sufficient for a busy machine.
const waitTimeout = 20 * time.Second

// process is one running process of redis-server or redis-sentinel.
type process struct {
	*proctest.Process
	out *bytes.Buffer // must be read only after the process has exited
}

// launch starts program with a configuration file, and kills it at the end of the test.
func launch(t testing.TB, program, config string) *process {
	t.Helper()
	path, err := proctest.Find(program, "redis-server redis-sentinel redis-tools")
	if err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	cmd := exec.Command(path, config)
	cmd.Dir, cmd.Stdout, cmd.Stderr = filepath.Dir(config), out, out
	p, err := proctest.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return &process{p, out}
}

// freePort returns an unused port. Port+10000, the bus port of a cluster node, is unused as well.
func freePort(t testing.TB) int {
	t.Helper()
	port, err := proctest.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// writeFile writes text to a new file in dir and returns its path.
func writeFile(t testing.TB, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatalf("write %s: %v", path, err)
	}
	return path
}
