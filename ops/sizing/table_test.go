package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNumbersAreShort(t *testing.T) {
	for got, want := range map[string]string{
		count(999): "999", count(12_345): "12.3 k", count(1e8): "100 M", size(10 << 10): "10 KiB", size(1.5 * gib): "1.50 GiB", cores(1.5e6): "1.50",
	} {
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

func TestWriteDocReplacesTables(t *testing.T) {
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
	if err := writeDoc(path, map[string]string{"b": "new\n"}); err == nil || !strings.Contains(err.Error(), "no place for the table b") {
		t.Errorf("%v", err)
	}
}
