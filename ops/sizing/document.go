package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

var errMarks = errors.New("has no place for the table")

// writeDoc puts each table between its marks, <!-- sizing:name --> and <!-- /sizing:name -->.
func writeDoc(path string, tables map[string]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("-doc: %w", err)
	}
	doc := string(text)
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if doc, err = place(doc, name, tables[name]); err != nil {
			return fmt.Errorf("-doc: %s %w %q", path, err, name)
		}
	}
	return os.WriteFile(path, []byte(doc), 0o644)
}

func place(doc, name, table string) (string, error) {
	begin, end := "<!-- sizing:"+name+" -->\n", "<!-- /sizing:"+name+" -->\n"
	before, rest, ok1 := strings.Cut(doc, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return "", errMarks
	}
	return before + begin + table + end + after, nil
}
