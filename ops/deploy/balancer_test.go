package deploy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// program finds one that Debian keeps outside of users' PATH.
func program(t *testing.T, name, pkg string) string {
	t.Helper()
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	t.Fatalf("%s is not installed: apt-get install -y --no-install-recommends %s", name, pkg)
	return ""
}

func TestHAProxyTakesItsConfiguration(t *testing.T) {
	cmd := exec.Command(program(t, "haproxy", "haproxy"), "-c", "-f", "haproxy/haproxy.cfg")
	cmd.Env = append(os.Environ(), "NODE_1=127.0.0.1:3001", "NODE_2=127.0.0.1:3002", "LB_MAXCONN=1000")
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARNING") {
		t.Errorf("haproxy -c: %v\n%s", err, out)
	}
}

// A node that drains is out of the load balancer before it stops accepting.
func TestHAProxyNoticesWithinTheDrainDelay(t *testing.T) {
	cfg, err := loadSettings(func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	var fall int
	times := map[string]time.Duration{}
	for line := range strings.Lines(string(readFile(t, "haproxy/haproxy.cfg"))) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != "default-server" {
			continue
		}
		for i := range words[:len(words)-1] {
			if d, err := time.ParseDuration(words[i+1]); err == nil {
				times[words[i]] = d
			}
			if words[i] == "fall" {
				_, _ = fmt.Sscan(words[i+1], &fall) // 0 is caught below
			}
		}
	}
	if fall == 0 || times["inter"] == 0 || times["fastinter"] == 0 {
		t.Fatalf("fall %d, %v", fall, times)
	}
	if noticed := times["inter"] + time.Duration(fall-1)*times["fastinter"]; noticed > cfg.DrainDelay/2 {
		t.Errorf("noticed after %v, and DRAIN_DELAY is %v", noticed, cfg.DrainDelay)
	}
}

func TestNginxTakesItsConfiguration(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	text := strings.NewReplacer(
		"chatnode-1:3001", "127.0.0.1:3001", "chatnode-2:3001", "127.0.0.1:3002", // names of another network
		"worker_connections 65536", "worker_connections 512",
	).Replace(string(readFile(t, "nginx/nginx.conf")))
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program(t, "nginx", "nginx-light"), "-t", "-p", dir, "-c", conf).CombinedOutput()
	if err != nil || strings.Contains(string(out), "[warn]") {
		t.Errorf("nginx -t: %v\n%s", err, out)
	}
}
