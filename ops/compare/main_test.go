package main

import (
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

// run runs a comparison without faults and returns its rows and tables.
func run(t *testing.T, args string) (rows []Row, tables string) {
	t.Helper()
	o, err := parse(t, args)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err = runComparison(t.Context(), o, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if !r.OK {
			t.Errorf("faults: %+v", r)
		}
	}
	var out strings.Builder
	writeTables(&out, o, rows)
	return rows, out.String()
}

func TestCompareWithReferenceServer(t *testing.T) {
	rows, out := run(t, "-systems chatnode,log -nodes 2 -n 20 -rooms 2 -rates 50 -rounds 1 -duration 1s -idle 1s")
	if len(rows) != 4 || strings.Count(out, "| chatnode |")+strings.Count(out, "| log |") != 4 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	for _, r := range rows {
		if r.Load == "idle" && r.Figures["connects/s"] <= 0 || r.Load != "idle" && (r.Figures["deliveries/s"] != 50*10 || r.Figures[figCost] <= 0) {
			t.Errorf("%+v", r)
		}
	}
}

func TestCommandExitCodes(t *testing.T) {
	var out, log strings.Builder
	if code := command(t.Context(), []string{"-n", "0"}, &out, &log); code != rig.ExitUsage {
		t.Errorf("exit %d", code)
	}
	if code := command(t.Context(), []string{"-h"}, &out, &log); code != rig.ExitOK || !strings.Contains(log.String(), "-systems") {
		t.Errorf("exit %d\n%s", code, log.String())
	}
}

// Writers on two nodes wait for their acks, and redis-benchmark runs with the script call of a node.
func TestCompareWritersWithBenchmark(t *testing.T) {
	t.Parallel()
	rows, out := run(t, "-nodes 2 -n 6 -rooms 3 -outstanding 2 -rounds 1 -duration 1s")
	if len(rows) != 1 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	for _, name := range []string{"acked/s", "reads per batch", "Redis µs per message", "-P", "writes per script", "messages/s", "acked ÷ benchmark"} {
		if v := rows[0].Figures[name]; !(v > 0) || !strings.Contains(out, " "+name+" |") {
			t.Errorf("%s: %v\n%s", name, v, out)
		}
	}
	if f := rows[0].Figures; f["writes per batch"] < 1 || f["scripts per batch"] < 0.9 {
		t.Errorf("%v", f)
	}
}

// Two of ten members do not read. The node disconnects both; in the run without them it disconnects no member.
func TestCompareSilentMembers(t *testing.T) {
	t.Setenv("OUTBOX_BYTES", "65536")
	rows, out := run(t, "-n 10 -rates 1600 -size 2000 -silent 2 -rounds 1 -duration 1s")
	if len(rows) != 2 {
		t.Fatalf("%+v\n%s", rows, out)
	}
	without, with := rows[0].Figures, rows[1].Figures
	if without["disconnected"] != 0 || with["disconnected"] != 2 || with["found 1013"] > 2 || with["MiB at start"] <= 0 {
		t.Errorf("%+v, %+v\n%s", without, with, out)
	}
	if !strings.Contains(out, "| 1600 msg/s, 2 silent | chatnode |") {
		t.Error(out)
	}
}

func TestCompareProfilesNode(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "profiles")
	rows, out := run(t, "-n 20 -rates 2000 -rounds 1 -duration 3s -profile "+dir)
	if len(rows) != 1 || rows[0].Figures["work"] <= 0 || !strings.Contains(out, "| work |") {
		t.Fatalf("%+v\n%s", rows, out)
	}
	sum := 0.0
	for _, part := range []string{"work", "overhead", "scheduler", "collector", "runtime"} {
		sum += rows[0].Figures[part]
	}
	if math.Abs(sum-100) > 0.01 {
		t.Errorf("%v", rows[0].Figures)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}
