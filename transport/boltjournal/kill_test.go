package boltjournal_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"chatnode/transport/boltjournal"
	"chatnode/transport/killtest"
)

const kills = 36

// said is what a child has printed: messages up to kept are kept, those up to dropped are dropped.
// The kill may have come after one more step, before it was printed.
type said struct{ kept, dropped int }

// TestKilledAtAnyInstant kills a process again and again while it keeps and drops: what it said was
// kept and not dropped is there, in order and once; what it said was dropped is not.
func TestKilledAtAnyInstant(t *testing.T) {
	if dir, _, child := killtest.Folder(); child {
		workUntilKilled(dir)
		return
	}
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var last said
	for round := range kills {
		killtest.Child(t, dir, round, 3+random.IntN(80), func(line string) { hear(t, line, &last) })
		last = audit(t, dir, last)
	}
	t.Logf("%d kills, %d writes kept, %d dropped", kills, last.kept, last.dropped)
	if last.kept < 20*kills || last.dropped < 5*kills {
		t.Fatal("the children did too little for the kills to mean anything")
	}
}

// hear takes one line "kept N" or "dropped N".
func hear(t *testing.T, line string, last *said) {
	t.Helper()
	what, number, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(number)
	switch {
	case err == nil && what == "kept":
		last.kept = n
	case err == nil && what == "dropped":
		last.dropped = n
	default:
		t.Fatalf("the child said %q", line)
	}
}

// The most that one step of a child keeps or drops.
const (
	keptAtOnce    = 9
	droppedAtOnce = 12
)

// workUntilKilled is the child: it goes on where the journal ends, keeps batches of all sizes and
// drops after every third, so that some hundred writes are held.
func workUntilKilled(dir string) {
	j, err := boltjournal.Open(boltjournal.Options{Path: dir})
	if err != nil {
		panic(err)
	}
	next, first := 1, 1
	if held, err := j.Peek(1 << 30); err != nil {
		panic(err)
	} else if len(held) > 0 {
		first, next = numberOf(held[0].ID), numberOf(held[len(held)-1].ID)+1
	}
	for step := 1; ; step++ {
		n := 1 + step%keptAtOnce
		if err := j.Append(some(next, next+n)); err != nil {
			panic(err)
		}
		next += n
		fmt.Printf("kept %d.\n", next-1)
		if step%3 == 0 && next-first > 2*droppedAtOnce {
			n := 1 + step%droppedAtOnce
			if err := j.RemoveFirst(n); err != nil {
				panic(err)
			}
			first += n
			fmt.Printf("dropped %d.\n", first-1)
		}
	}
}

// numberOf is the n of say(n), or 0.
func numberOf(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "m-"))
	if err != nil {
		return 0
	}
	return n
}

// audit compares the journal with what was said, and returns what it really holds.
func audit(t *testing.T, dir string, last said) said {
	t.Helper()
	j := open(t, boltjournal.Options{Path: dir})
	defer closeJournal(t, j)
	held := all(t, j)
	if len(held) == 0 {
		t.Fatalf("nothing is held after kept %d, dropped %d", last.kept, last.dropped)
	}
	first, end := numberOf(held[0].ID), numberOf(held[len(held)-1].ID)
	if end < last.kept || end > last.kept+keptAtOnce || first <= last.dropped || first > last.dropped+1+droppedAtOnce {
		t.Fatalf("%d to %d are held; it said kept %d, dropped %d", first, end, last.kept, last.dropped)
	}
	expect(t, j, some(first, end+1))
	return said{kept: end, dropped: first - 1}
}
