package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFiguresAreShownShort(t *testing.T) {
	for got, want := range map[string]string{
		digits(0): "0", digits(12): "12", digits(1234.5): "1234", digits(1.234): "1.23", digits(0.01234): "0.0123",
		count(999): "999", count(12_345): "12.3 k", count(1e8): "100 M", size(10 << 10): "10 KiB", size(1.5 * gib): "1.50 GiB", cores(1.5e6): "1.50",
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestTablesFindTheirPlaceInTheDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	const doc = "before\n<!-- sizing:a -->\nold\n<!-- /sizing:a -->\nafter\n"
	if err := os.WriteFile(path, []byte(doc), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeDoc(path, map[string]string{"a": "new\n"}); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != strings.Replace(doc, "old", "new", 1) {
		t.Errorf("%q, %v", text, err)
	}
	if err := writeDoc(path, map[string]string{"b": "new\n"}); !errors.Is(err, errMarks) {
		t.Errorf("%v", err)
	}
}
