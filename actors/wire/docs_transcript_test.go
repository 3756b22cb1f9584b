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

// Decode accepts the commands of the transcript, and its received frames have only fields of golden frames.
func TestDocsTranscriptIsValid(t *testing.T) {
	shapes, sent, received := goldenFields(t), 0, 0
	for line := range strings.Lines(section(t, protocolDoc(t), "A transcript")) {
		line = strings.TrimSpace(line)
		if frame, ok := strings.CutPrefix(line, "> "); ok {
			sent++
			if cmd, err := Decode([]byte(frame)); err != nil || (cmd.Type == Unknown && cmd.TypeName != "dance") {
				t.Errorf("Decode rejects %s: %v", frame, err)
			}
		}
		if frame, ok := strings.CutPrefix(line, "< "); ok {
			received++
			checkShape(t, shapes, frame)
		}
	}
	if sent < 10 || received < 20 {
		t.Errorf("%d sent and %d received frames, want at least 10 and 20", sent, received)
	}
}

// checkShape checks that frame has only fields of its type in shapes.
func checkShape(t *testing.T, shapes map[string][]string, frame string) {
	t.Helper()
	kind, fields := fieldsOf(t, frame)
	if shapes[kind] == nil {
		t.Errorf("no golden frame of type %q: %s", kind, frame)
	}
	for _, field := range fields {
		if !slices.Contains(shapes[kind], field) {
			t.Errorf("no golden frame %s with field %q: %s", kind, field, frame)
		}
	}
}

// goldenFields returns the fields of all golden frames, by type.
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
