package rollout

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/ops/e2e/cluster"
)

// nginxKeeper runs nginx until its standard input ends, which happens at the end of the test or of the test binary.
const nginxKeeper = `
trap '' HUP INT TERM # as in keeper
"$1" -p "$2" -c "$3" -e stderr -g 'daemon off;' & lb=$!
read -r _ || true
kill -TERM "$lb"
wait "$lb"
`

// startNginx runs nginx with the deployed nginx.conf in front of two nodes, which may be the same, and returns its
// address. It ends with the test.
func startNginx(t *testing.T, first, second string) string {
	t.Helper()
	nginx := installed(t, "nginx", "nginx-light")
	dir, addr := t.TempDir(), loopback(cluster.FreePort(t))
	conf := strings.NewReplacer(
		"chatnode-1:3001", first, "chatnode-2:3001", second, "listen 8080;", "listen "+addr+";",
		"worker_connections 65536;", "worker_connections 512;", "worker_processes auto;", "worker_processes 1;",
	).Replace(deployed(t, "nginx/nginx.conf"))
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("bash", "-c", nginxKeeper, "keeper", nginx, dir, file)
	holdInput(t, cmd, func(err error, out string) {
		if err != nil || t.Failed() {
			t.Errorf("nginx ended with %v:\n%s", err, out)
		}
	})
	eventually(t, "nginx at "+addr, func() bool { return answers(addr) })
	return addr
}

// Two nodes are replaced one after the other behind nginx, and no client notices.
func TestRestartBehindNginx(t *testing.T) {
	t.Parallel()
	c := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 2, Redis: true, Env: map[string]string{
		"AUTH_JWT_SECRET": tokenSecret, "RATE_LIMIT": "off", "DRAIN_DELAY": "1s", "HISTORY_SIZE": "1000000", "LOG_LEVEL": "info",
	}})
	f := &fleet{T: t, addr: startNginx(t, c.Nodes[0].Addr, c.Nodes[1].Addr)}
	crowd := f.gather(10, 2, 20)
	for _, n := range c.Nodes {
		n.Terminate(t)
		if code := n.Exit(t, waitTimeout); code != 0 {
			t.Errorf("%s exited with %d", n.ID, code)
		}
		n.Restart(t)
	}
	s := crowd.audit()
	s.print(t)
	if s.connects < 10 {
		t.Errorf("%d of 10 clients had to reconnect: every node was restarted", s.connects)
	}
	s.noFlaps(t)
}
