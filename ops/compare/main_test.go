package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A small match: two nodes on a Redis beside the bound, everything built, loaded, checked and ended.
func TestASmallMatch(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rows.json")
	var out, log strings.Builder
	code := command(t.Context(), strings.Fields("-systems chatnode,log -nodes 2 -n 20 -rooms 2 -rates 50 -rounds 1 -duration 1s -idle 1s -json "+file), &out, &log)
	if code != exitOK {
		t.Fatalf("exit %d\n%s%s", code, log.String(), out.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 4 || strings.Count(out.String(), "| chatnode |")+strings.Count(out.String(), "| log |") != 4 {
		t.Fatalf("%s\n%s", text, out.String())
	}
	for _, line := range lines {
		var r Row
		if err := json.Unmarshal([]byte(line), &r); err != nil || !r.OK || r.Rate > 0 && (r.Deliveries != 50*10 || r.Cost <= 0) || r.Rate == 0 && r.ConnectsPerSecond <= 0 {
			t.Errorf("%s: %+v, %v", line, r, err)
		}
	}
}

func TestBadUsage(t *testing.T) {
	var out, log strings.Builder
	if code := command(t.Context(), []string{"-n", "0"}, &out, &log); code != exitUsage {
		t.Errorf("exit %d", code)
	}
	if code := command(t.Context(), []string{"-h"}, &out, &log); code != exitOK || !strings.Contains(log.String(), "-systems") {
		t.Errorf("exit %d\n%s", code, log.String())
	}
}
