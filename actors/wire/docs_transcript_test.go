package wire

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What the transcript sends is taken, and what it receives has the shape of a golden frame.
func TestDocsTranscriptIsValid(t *testing.T) {
	shapes, sent, received := goldenFields(t), 0, 0
	for line := range strings.Lines(section(t, protocolDoc(t), "A transcript")) {
		line = strings.TrimSpace(line)
		if frame, ok := strings.CutPrefix(line, "> "); ok {
			sent++
			if cmd, err := Decode([]byte(frame)); err != nil || (cmd.Type == Unknown && cmd.TypeName != "dance") {
				t.Errorf("no command: %s (%v)", frame, err)
			}
		}
		if frame, ok := strings.CutPrefix(line, "< "); ok {
			received++
			checkShape(t, shapes, frame)
		}
	}
	if sent < 10 || received < 20 {
		t.Errorf("%d frames sent and %d received make no transcript", sent, received)
	}
}

func checkShape(t *testing.T, shapes map[string][]string, frame string) {
	t.Helper()
	kind, fields := fieldsOf(t, frame)
	if shapes[kind] == nil {
		t.Errorf("no server sends %q: %s", kind, frame)
	}
	for _, field := range fields {
		if !slices.Contains(shapes[kind], field) {
			t.Errorf("%s has no %q: %s", kind, field, frame)
		}
	}
}

// goldenFields are the fields that the golden frames of each type have between them.
func goldenFields(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/server_*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	shapes := map[string][]string{}
	for _, file := range files {
		frame, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		kind, fields := fieldsOf(t, string(frame))
		shapes[kind] = append(shapes[kind], fields...)
	}
	return shapes
}

func fieldsOf(t *testing.T, frame string) (kind string, fields []string) {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(frame), &object); err != nil {
		t.Fatalf("%v: %s", err, frame)
	}
	kind, _ = object["type"].(string)
	return kind, slices.Collect(maps.Keys(object))
}
