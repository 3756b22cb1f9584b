package main

import (
	"flag"
	"slices"
	"strings"
	"testing"

	"chatnode/ops/rig"
)

func parse(t *testing.T, args string) (*options, error) {
	t.Helper()
	o := &options{}
	fs := flag.NewFlagSet("", flag.ContinueOnError)
	o.register(fs)
	if err := fs.Parse(strings.Fields(args)); err != nil {
		t.Fatal(err)
	}
	return o, o.check()
}

func TestOptionsRejectBadCombinations(t *testing.T) {
	for _, bad := range []string{
		"-n 0", "-rooms 1001", "-rounds 0", "-nodes 0", "-duration 0s", "-systems log,telepathy", "-silent 1000", "-silent -1",
		"-outstanding 1 -silent 1", "-outstanding 1 -systems chatnode,log", "-profile x -duration 2s", "-profile x -silent 1",
		"-profile x -rates ,", "-profile x -systems log",
	} {
		if _, err := parse(t, bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestSpecialLoadsRunOnlyOnChatnode(t *testing.T) {
	o, err := parse(t, "-silent 10")
	if err != nil || !slices.Equal(o.systems, []string{chatnode}) || o.idle != 0 || len(o.rates) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = parse(t, "-outstanding 1,8")
	if err != nil || !slices.Equal(o.systems, []string{chatnode}) || !slices.Equal(o.outstanding, rig.Numbers{1, 8}) || len(o.rates) != 0 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestSeveralNodesImplyRedis(t *testing.T) {
	if o, err := parse(t, "-nodes 3"); err != nil || !o.redis || len(o.systems) != 4 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestSilentRunsAlternate(t *testing.T) {
	o, err := parse(t, "-silent 10 -rates 5")
	if err != nil {
		t.Fatal(err)
	}
	for round, first := range []int{0, 10, 0} {
		if l := o.loads(round); len(l) != 2 || l[0].Silent != first || l[1].Silent != 10-first {
			t.Errorf("round %d: %+v", round, l)
		}
	}
}
