package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"chatnode/ops/e2e/cluster"
)

// The build command of the Dockerfile runs here without Docker, with build arguments. The program reports them.
func TestImageKnowsItsVersion(t *testing.T) {
	const want, key = "v1.2.3+0123456789ab", "a metrics key of more than 32 characters"
	file := string(readFile(t, "../../Dockerfile"))
	build := regexp.MustCompile(`(?m)^RUN (.*go build.*) -o /rootfs/chatnode (.*)$`).FindStringSubmatch(file)
	if build == nil || !strings.Contains(file, "\nARG VERSION=") || !strings.Contains(file, "\nARG COMMIT=") {
		t.Fatal("the Dockerfile has no build command with the arguments VERSION and COMMIT")
	}
	binary := filepath.Join(t.TempDir(), "chatnode")
	cmd := exec.Command("sh", "-c", build[1]+" -o "+binary+" "+build[2])
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "VERSION=v1.2.3", "COMMIT=0123456789ab")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", build[0], err, out)
	}
	if out, err := exec.Command(binary, "version").Output(); err != nil || !strings.HasPrefix(string(out), "chatnode "+want+" ") {
		t.Errorf("chatnode version: %q, %v, want %s", out, err, want)
	}
	node := cluster.Start(t, cluster.Options{Binary: binary, Nodes: 1, Env: map[string]string{"METRICS_API_KEY": key}}).Nodes[0]
	if log := node.Log(t); !strings.Contains(log, `"version":"`+want+`"`) {
		t.Errorf("the log of the start does not have the version: %s", log)
	}
	if metrics := node.Get(t, "/metrics", key, "text/plain"); !strings.Contains(metrics, `version="`+want+`"`) {
		t.Errorf("chatnode_build_info does not have the version: %s", metrics)
	}
}
