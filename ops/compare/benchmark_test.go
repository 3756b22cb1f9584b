package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestArgumentsOfMonitorLine(t *testing.T) {
	line := `1795389766.362 [0 127.0.0.1:4711] "evalsha" "abc" "\"userId\":\"u\"" "\x00\xff\n\\" ""`
	want := []string{"evalsha", "abc", `"userId":"u"`, "\x00\xff\n\\", ""}
	if got := arguments(line); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := arguments("OK"); got != nil {
		t.Errorf("%q", got)
	}
}

func TestRepeatWriteRandomizesKeys(t *testing.T) {
	head := strings.Fields("evalsha sha 4 k1 k2 k3 k4 a1 a2 a3 a4 a5 a6 a7 a8 a9 1795389766362")
	call := append(slices.Clone(head), "m", "id", "digest", "author", "text")
	head[len(head)-1] = "0" // no deadline
	write := []string{"m", "id", randomKey, "author", "text"}
	if got, want := repeatWrite(call, 2), slices.Concat(head, write, write); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := repeatWrite(call, 1), slices.Concat(head, write); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBenchmarkHasShapeOfBatches(t *testing.T) {
	for _, c := range []struct {
		writes, scripts             float64
		pipeline, perScript, number int
	}{
		{20, 19.6, 20, 1, 40_000},
		{66, 1, 1, 66, 1000},
		{1, 1, 1, 1, 40_000},
		{30, 10, 10, 3, 13_333},
	} {
		f := map[string]float64{"acked/s": 10_000, "writes per batch": c.writes, "scripts per batch": c.scripts}
		if p, w, n := shape(f, 2*time.Second); p != c.pipeline || w != c.perScript || n != c.number {
			t.Errorf("%+v: -P %d, %d writes each, -n %d", c, p, w, n)
		}
	}
}
