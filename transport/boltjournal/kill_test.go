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

// progress is what a child has printed: it has appended the messages up to appended, and removed those up to removed.
// The kill may follow one more step that was not printed.
type progress struct{ appended, removed int }

// TestKill kills a process at random times while it appends and removes. The writes that are appended and not removed
// are present once and in order. The removed writes are absent.
func TestKill(t *testing.T) {
	if dir, _, child := killtest.Folder(); child {
		workUntilKilled(dir)
		return
	}
	dir := t.TempDir()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var last progress
	for round := range kills {
		killtest.Child(t, dir, round, 3+random.IntN(80), func(line string) { parseLine(t, line, &last) })
		last = audit(t, dir, last)
	}
	t.Logf("%d kills, %d writes appended, %d removed", kills, last.appended, last.removed)
	if last.appended < 20*kills || last.removed < 5*kills {
		t.Fatal("the children did too little work between the kills")
	}
}

// parseLine parses a line "appended N" or "removed N".
func parseLine(t *testing.T, line string, last *progress) {
	t.Helper()
	verb, number, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(number)
	switch {
	case err == nil && verb == "appended":
		last.appended = n
	case err == nil && verb == "removed":
		last.removed = n
	default:
		t.Fatalf("unknown line %q of the child", line)
	}
}

// Maximum number of writes that one step of a child appends or removes.
const (
	maxAppend = 9
	maxRemove = 12
)

// workUntilKilled is the child. It continues at the end of the journal, appends batches of all sizes, and removes
// writes after every third one, so that the journal contains some hundred.
func workUntilKilled(dir string) {
	j, err := boltjournal.Open(boltjournal.Options{Path: dir})
	if err != nil {
		panic(err)
	}
	next, first := 1, 1
	if stored, err := j.Peek(1 << 30); err != nil {
		panic(err)
	} else if len(stored) > 0 {
		first, next = numberOf(stored[0].ID), numberOf(stored[len(stored)-1].ID)+1
	}
	for step := 1; ; step++ {
		n := 1 + step%maxAppend
		if err := j.Append(writesFrom(next, next+n)); err != nil {
			panic(err)
		}
		next += n
		fmt.Printf("appended %d.\n", next-1)
		if step%3 == 0 && next-first > 2*maxRemove {
			n := 1 + step%maxRemove
			if err := j.RemoveFirst(n); err != nil {
				panic(err)
			}
			first += n
			fmt.Printf("removed %d.\n", first-1)
		}
	}
}

// numberOf returns the n of writeOf(n); 0: none.
func numberOf(id string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(id, "m-"))
	if err != nil {
		return 0
	}
	return n
}

// audit compares the journal with the printed progress, and returns the actual progress.
func audit(t *testing.T, dir string, last progress) progress {
	t.Helper()
	j := open(t, boltjournal.Options{Path: dir})
	defer closeJournal(t, j)
	stored := peekAll(t, j)
	if len(stored) == 0 {
		t.Fatalf("the journal is empty after %d appended, %d removed", last.appended, last.removed)
	}
	first, end := numberOf(stored[0].ID), numberOf(stored[len(stored)-1].ID)
	if end < last.appended || end > last.appended+maxAppend || first <= last.removed || first > last.removed+1+maxRemove {
		t.Fatalf("writes %d to %d stored; the child printed %d appended, %d removed", first, end, last.appended, last.removed)
	}
	wantWrites(t, j, writesFrom(first, end+1))
	return progress{appended: end, removed: first - 1}
}
