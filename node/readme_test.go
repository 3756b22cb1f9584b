package node

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestReadmeListsEverySetting compares the table of settings in the README with Config: order, defaults and help.
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
			t.Fatalf("the table of settings differs from Config at row %d. Replace it with:\n%s", i+1, strings.Join(want, "\n"))
		}
	}
	if len(have) > len(want) {
		t.Errorf("rows without a setting: %q", have[len(want):])
	}
}

// settingRows returns the rows of the table.
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
