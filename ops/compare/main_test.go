package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

// A small match: two nodes on a Redis beside the bound, everything built, loaded, checked and ended.
func TestASmallMatch(t *testing.T) {
	rows, out := playSmall(t, "-systems chatnode,log -nodes 2 -n 20 -rooms 2 -rates 50 -rounds 1 -duration 1s -idle 1s")
	if len(rows) != 4 || strings.Count(out, "| chatnode |")+strings.Count(out, "| log |") != 4 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	for _, r := range rows {
		if !r.OK || r.Rate > 0 && (r.Deliveries != 50*10 || r.Cost <= 0) || r.Rate == 0 && r.ConnectsPerSecond <= 0 {
			t.Errorf("%+v", r)
		}
	}
}

func TestBadUsage(t *testing.T) {
	var out, log strings.Builder
	if code := command(t.Context(), []string{"-n", "0"}, &out, &log); code != rig.ExitUsage {
		t.Errorf("exit %d", code)
	}
	if code := command(t.Context(), []string{"-h"}, &out, &log); code != rig.ExitOK || !strings.Contains(log.String(), "-systems") {
		t.Errorf("exit %d\n%s", code, log.String())
	}
}

// Writers on two nodes that wait for their acks, and redis-benchmark with the call that a node was seen sending.
func TestWritersBesideTheBenchmarkOfRedis(t *testing.T) {
	t.Parallel()
	rows, out := playSmall(t, "-nodes 2 -n 6 -rooms 3 -outstanding 2 -rounds 1 -duration 1s")
	if len(rows) != 1 || rows[0].Appends == nil || rows[0].Appends.Redis == nil {
		t.Fatalf("%+v\n%s", rows, out)
	}
	a := rows[0].Appends
	if r := a.Redis; a.Acked <= 0 || a.Writes < 1 || r.Scripts < 0.9 || r.Reads <= 0 || r.Bench <= 0 || r.Pipeline < 1 || r.PerScript < 1 {
		t.Errorf("%+v, %+v", a, r)
	}
	if !strings.Contains(out, "| unanswered | acked/s |") || !strings.Contains(out, "| redis-benchmark |") {
		t.Error(out)
	}
}

// Two of ten members do not read. The node counts both as cut, and the same load without them is beside it.
func TestSilentMembersBesideNone(t *testing.T) {
	t.Parallel()
	rows, out := playSmall(t, "-n 10 -rates 1600 -size 2000 -silent 2 -rounds 1 -duration 1s -env OUTBOX_BYTES=65536")
	if len(rows) != 2 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	without, with := rows[0].Silence, rows[1].Silence
	if without.Members != 0 || without.Cut != 0 || with.Members != 2 || with.Cut != 2 || with.Told > 2 || with.Begin <= 0 {
		t.Errorf("%+v, %+v\n%s", without, with, out)
	}
	if !strings.Contains(out, "| cut by the node | found 1013 |\n") {
		t.Error(out)
	}
}

// playSmall plays a match to its end and returns its rows and its tables.
func playSmall(t *testing.T, args string) (rows []Row, tables string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rows.json")
	var out, log strings.Builder
	if code := command(t.Context(), append(strings.Fields(args), "-json", file), &out, &log); code != rig.ExitOK {
		t.Fatalf("exit %d\n%s%s", code, log.String(), out.String())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var r Row
		if err := json.Unmarshal([]byte(line), &r); err != nil || !r.OK {
			t.Fatalf("%s: %v", line, err)
		}
		rows = append(rows, r)
	}
	return rows, out.String()
}

// A profile of the node while a load is on, in a file and in shares.
func TestAProfileOfTheNode(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "profiles")
	rows, out := playSmall(t, "-n 20 -rates 2000 -rounds 1 -duration 3s -profile "+dir)
	if len(rows) != 1 || rows[0].Shares["work"] <= 0 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	sum := 0.0
	for _, s := range rows[0].Shares {
		sum += s
	}
	if math.Abs(sum-100) > 0.01 || !strings.Contains(out, "| together |") {
		t.Errorf("%v\n%s", rows[0].Shares, out)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}
