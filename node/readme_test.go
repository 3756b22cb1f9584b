package node

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// The README's table of settings says what Config says: a row for each variable, in the same order, with its
// default and its help.
func TestReadmeListsEverySetting(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "| `"); ok && strings.Count(line, "|") == 4 && name[:1] == strings.ToUpper(name[:1]) {
			have = append(have, strings.TrimSpace(line))
		}
	}
	want := settingRows()
	for i, row := range want {
		if i >= len(have) || have[i] != row {
			t.Fatalf("the table of settings differs from Config at row %d; it should be:\n%s", i+1, strings.Join(want, "\n"))
		}
	}
	if len(have) > len(want) {
		t.Errorf("these are no settings: %q", have[len(want):])
	}
}

// settingRows is the table as Config would have it.
func settingRows() (rows []string) {
	for field := range reflect.TypeFor[Config]().Fields() {
		fallback := ""
		if value := field.Tag.Get("default"); value != "" {
			fallback = "`" + value + "`"
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |", field.Tag.Get("var"), fallback, field.Tag.Get("help")))
	}
	return rows
}
