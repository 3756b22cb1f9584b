package prom

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// snippet is commands of a document, where to run them, and their documented output.
type snippet struct{ mark, commands, kind, prints string }

// marked matches a block of commands below a mark, and the block after it if it follows at once.
var marked = regexp.MustCompile("(?s)<!-- (run|run [a-z]+|start|kubectl) -->\n```(?:bash|redis)\n(.*?)```\n(?:\n```(json|text)\n(.*?)```\n)?")

// snippets returns the blocks of commands of a document, in order. Each must say where to run it.
func snippets(t *testing.T, doc string) []snippet {
	t.Helper()
	text := read(t, docsDir, doc)
	var all []snippet
	for _, m := range marked.FindAllStringSubmatch(text, -1) {
		all = append(all, snippet{m[1], m[2], m[3], m[4]})
	}
	if blocks := strings.Count(text, "\n```bash\n") + strings.Count(text, "\n```redis\n"); len(all) != blocks || blocks == 0 {
		t.Fatalf("%d of %d blocks of commands say where they are run", len(all), blocks)
	}
	return all
}

// compare compares text line by line, and JSON by its fields.
func (s snippet) compare(out string) error {
	switch s.kind {
	case "text":
		if out != s.prints {
			return fmt.Errorf("%sprints\n%swant\n%s", s.commands, out, s.prints)
		}
	case "json":
		got, err := fields(out)
		if err != nil {
			return err
		}
		want, err := fields(s.prints)
		if err != nil {
			return err
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("%sprints the fields %v, want %v", s.commands, got, want)
		}
	default:
		if strings.TrimSpace(out) == "" && !strings.HasPrefix(s.commands, "kill ") {
			return fmt.Errorf("%sprints nothing", s.commands)
		}
	}
	return nil
}

// fields returns each path in a JSON text, sorted.
func fields(text string) ([]string, error) {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, fmt.Errorf("%w in %s", err, text)
	}
	return paths("", v), nil
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
