package prom

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A snippet is commands of a document, and what the document says that they print.
type snippet struct{ commands, kind, prints string }

// marked is a block of commands below a run mark, and the block after it, if one follows at once.
var marked = regexp.MustCompile("(?s)<!-- run -->\n```bash\n(.*?)```\n(?:\n```(json|text)\n(.*?)```\n)?")

func snippets(t *testing.T, doc string) []snippet {
	t.Helper()
	text := read(t, docsDir, doc)
	var all []snippet
	for _, m := range marked.FindAllStringSubmatch(text, -1) {
		all = append(all, snippet{m[1], m[2], m[3]})
	}
	if marks := strings.Count(text, "<!-- run -->"); len(all) != marks || marks == 0 {
		t.Fatalf("%d of %d marked blocks were found", len(all), marks)
	}
	return all
}

// The documented commands are run as they stand; only the node's address is another one.
func TestTheDocumentedCommands(t *testing.T) {
	program(t, "curl", "curl")
	address := start(t, 1).Nodes[0].Addr
	bin := t.TempDir()
	if err := os.Symlink(binary, filepath.Join(bin, "chatnode")); err != nil {
		t.Fatal(err)
	}
	for _, s := range snippets(t, "OPERATIONS.md") {
		commands := strings.ReplaceAll(s.commands, "localhost:3001", address)
		if commands == s.commands {
			t.Errorf("these do not ask the node:\n%s", s.commands)
		}
		cmd := exec.CommandContext(t.Context(), program(t, "bash", "bash"), "-euo", "pipefail", "-c", commands)
		cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "METRICS_API_KEY=" + metricsKey, "AUTH_JWT_SECRET=" + tokenSecret}
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%v:\n%s", err, s.commands)
			continue
		}
		s.compare(t, string(out))
	}
}

// compare: text is printed line by line; JSON has the same fields.
func (s snippet) compare(t *testing.T, out string) {
	t.Helper()
	switch s.kind {
	case "text":
		if out != s.prints {
			t.Errorf("%sprints\n%swant\n%s", s.commands, out, s.prints)
		}
	case "json":
		if got, want := fields(t, out), fields(t, s.prints); !slices.Equal(got, want) {
			t.Errorf("%sprints the fields %v, want %v", s.commands, got, want)
		}
	default:
		if strings.TrimSpace(out) == "" {
			t.Errorf("%sprints nothing", s.commands)
		}
	}
}

// fields is every path in a JSON text, sorted.
func fields(t *testing.T, text string) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return paths("", v)
}

func paths(at string, v any) (all []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			all = append(all, paths(at+"."+k, v[k])...)
		}
	case []any:
		for i, item := range v {
			all = append(all, paths(fmt.Sprintf("%s[%d]", at, i), item)...)
		}
	default:
		all = []string{at}
	}
	return all
}
