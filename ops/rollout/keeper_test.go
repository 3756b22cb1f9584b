package rollout

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"chatnode/transport/proctest"
	"chatnode/transport/redistest"
)

// keeper runs HAProxy until its standard input ends, which happens at the end of the test or of the test binary. Then
// it ends HAProxy and all nodes, which are not children of the test.
const keeper = `
trap '' HUP INT TERM # whoever ends the whole process group with these still wants the nodes ended
haproxy -db -f "$1" & lb=$!
read -r _ || true
kill -KILL "$lb"
rm -f "$FLEET_DIR"/*.bin # a script that is still at it starts nothing more
for file in "$FLEET_DIR"/*.pid; do
  [[ ! -s $file ]] || kill -KILL "$(<"$file")"
done
# Whoever waited for a node writes down how it ended, and takes its pid away last.
until ! compgen -G "$FLEET_DIR/*.pid" >/dev/null; do sleep 0.05; done
wait
`

// keep starts the keeper and returns when the load balancer answers. env has the variables of haproxy.cfg.
func keep(t *testing.T, dir, socket string, env []string) {
	t.Helper()
	haproxy := installed(t, "haproxy", "haproxy")
	cfg, err := filepath.Abs("../deploy/haproxy/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", keeper, "keeper", cfg)
	cmd.Env = append(env, "FLEET_DIR="+dir, "LB_SOCKET="+socket, "PATH="+filepath.Dir(haproxy)+":"+os.Getenv("PATH"))
	holdInput(t, cmd, func(_ error, out string) { // it ends by a kill
		if t.Failed() {
			t.Logf("haproxy and its keeper:\n%s", out)
		}
	})
	eventually(t, "haproxy at "+socket, func() bool {
		c, err := net.Dial("unix", socket)
		if err != nil {
			return false
		}
		return c.Close() == nil
	})
}

// installed returns the path of a load balancer.
func installed(t *testing.T, name, pkg string) string {
	t.Helper()
	path, err := proctest.Find(name, pkg)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// holdInput starts a program that runs until its standard input ends. It calls ended with the result and the end of the
// output.
func holdInput(t *testing.T, cmd *exec.Cmd, ended func(err error, out string)) {
	t.Helper()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %v: %v", cmd.Args, err)
	}
	t.Cleanup(func() {
		_ = stdin.Close() // this ends the program
		err := cmd.Wait()
		ended(err, tail(out.String()))
	})
}

// waitTimeout is the timeout of all waits; the machine may be busy, and the node built with -race.
const waitTimeout = 60 * time.Second

// eventually polls until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	redistest.Wait(t, waitTimeout, what, ok)
}

// tail returns the end of a long text.
func tail(text string) string { return text[max(0, len(text)-8<<10):] }
