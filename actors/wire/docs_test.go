package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// protocolDoc returns the text of PROTOCOL.md.
func protocolDoc(t *testing.T) string {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "..", "ops", "docs", "PROTOCOL.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}

// section returns the text below a heading of level 2.
func section(t *testing.T, doc, heading string) string {
	t.Helper()
	_, after, found := strings.Cut(doc, "\n## "+heading+"\n")
	if !found {
		t.Fatalf("PROTOCOL.md has no section %q", heading)
	}
	body, _, _ := strings.Cut(after, "\n## ")
	return body
}

// tableRows returns the cells of all table rows that begin with code. The first cell is without backquotes.
func tableRows(section string) (table [][]string) {
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "| `") {
			cells := strings.Split(strings.Trim(strings.TrimSpace(line), "| "), " | ")
			cells[0] = strings.Trim(cells[0], "`")
			table = append(table, cells)
		}
	}
	return table
}

func TestDocsListEveryErrorCode(t *testing.T) {
	want := [][]string{}
	for _, c := range Codes() {
		retry := "no"
		if c.Retry() {
			retry = "yes"
		}
		want = append(want, []string{c.String(), c.Text(), retry})
	}
	if got := tableRows(section(t, protocolDoc(t), "Error codes")); !slices.EqualFunc(got, want, slices.Equal) {
		lines := ""
		for _, row := range want {
			lines += fmt.Sprintf("| `%s` | %s | %s |\n", row[0], row[1], row[2])
		}
		t.Errorf("table of error codes in PROTOCOL.md differs, want\n%s", lines)
	}
}

func TestDocsListEveryCloseCode(t *testing.T) {
	got := tableRows(section(t, protocolDoc(t), "Close codes"))
	if len(got) != len(closeCodes) {
		t.Fatalf("%d rows in the table of close codes, want %d", len(got), len(closeCodes))
	}
	for i, c := range closeCodes {
		if got[i][0] != fmt.Sprint(c.code) || got[i][1] != c.reason {
			t.Errorf("row %d is %q, want %d %q", i, got[i][:2], c.code, c.reason)
		}
	}
}

func TestDocsListEveryCommand(t *testing.T) {
	got := []string{}
	for _, row := range tableRows(section(t, protocolDoc(t), "Commands")) {
		got = append(got, row[0])
	}
	if want := commandNames[1:]; !slices.Equal(got, want) {
		t.Errorf("commands in the table %v, want %v", got, want)
	}
}

// examples returns the JSON values in the ```json blocks of doc, without white space.
func examples(t *testing.T, doc string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(doc, -1) {
		for dec := json.NewDecoder(strings.NewReader(block[1])); dec.More(); {
			var value json.RawMessage
			if err := dec.Decode(&value); err != nil {
				t.Fatalf("%v in %s", err, block[1])
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, value); err != nil {
				t.Fatal(err)
			}
			found[compact.String()] = true
		}
	}
	return found
}

func TestDocsShowEveryGoldenFrame(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden frames: %v", err)
	}
	shown := examples(t, protocolDoc(t))
	for _, file := range files {
		frame, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if line := strings.TrimSpace(string(frame)); !shown[line] {
			t.Errorf("PROTOCOL.md does not contain %s: %s", file, line)
		}
		delete(shown, strings.TrimSpace(string(frame)))
	}
	for line := range shown {
		t.Errorf("example in PROTOCOL.md is not a golden frame: %s", line)
	}
}
