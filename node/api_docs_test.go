package node

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestManualExamplesWork runs all shell blocks of API.md, in order, in one shell. All curl commands must succeed.
func TestManualExamplesWork(t *testing.T) {
	for _, program := range []string{"curl", "sh", "sed"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: apt-get install curl sed", program)
		}
	}
	manual, err := os.ReadFile(filepath.Join("..", "ops", "docs", "API.md"))
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e\n"
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(manual), -1) {
		script += block[1]
	}
	script = strings.ReplaceAll(script, "curl -sS", `curl -sS --fail-with-body -w '\n'`)
	r := startAPI(t)
	ctx, cancel := context.WithTimeout(context.Background(), apiTestTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", script)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "CHAT=http://" + r.url + "/api/v1", "ADMIN_API_KEY=" + adminKey}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, out)
	}
	answers := 0
	for line := range strings.Lines(string(out)) {
		var body map[string]any
		if json.Unmarshal([]byte(line), &body) == nil {
			answers++
		}
	}
	if answers < 8 {
		t.Errorf("%d responses with a JSON body, want at least 8:\n%s", answers, out)
	}
}
