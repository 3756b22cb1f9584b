package boltjournal_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// TestFull: a batch that does not fit is refused whole; one that fits exactly is kept; dropping
// makes room; a bound that was lowered refuses without losing anything.
func TestFull(t *testing.T) {
	o := boltjournal.Options{Path: t.TempDir()}
	j := open(t, o)
	keep(t, j, some(10, 20)...)
	_, o.MaxBytes = j.Size()
	closeJournal(t, j)

	j = open(t, o)
	refuse(t, j, say(20))
	drop(t, j, 4)
	refuse(t, j, some(20, 25)...)
	expect(t, j, some(14, 20))
	keep(t, j, some(20, 24)...) // of the same lengths as those that went, one Tried like them
	refuse(t, j, say(24))
	closeJournal(t, j)

	o.MaxBytes /= 2
	j = open(t, o)
	refuse(t, j, say(24))
	expect(t, j, some(14, 24))
	drop(t, j, 10)
	keep(t, j, say(24))
	expect(t, j, some(24, 25))
}

func refuse(t *testing.T, j *boltjournal.Journal, batch ...chat.Write) {
	t.Helper()
	n, bytes := j.Size()
	if err := j.Append(batch); !errors.Is(err, chat.ErrJournalFull) {
		t.Fatalf("keep %d writes: %v, want %v", len(batch), err, chat.ErrJournalFull)
	}
	if n2, bytes2 := j.Size(); n2 != n || bytes2 != bytes {
		t.Fatalf("a refused batch changed the usage from %d writes, %d bytes to %d, %d", n, bytes, n2, bytes2)
	}
}

// TestClosed: a closed journal says so, and closing it again is no error.
func TestClosed(t *testing.T) {
	j := open(t, boltjournal.Options{Path: filepath.Join(t.TempDir(), "a", "b")})
	keep(t, j, say(1))
	closeJournal(t, j)
	closeJournal(t, j)
	_, err := j.Peek(1)
	for what, err := range map[string]error{"keep": j.Append(some(2, 3)), "drop": j.RemoveFirst(1), "oldest": err} {
		if !errors.Is(err, boltjournal.ErrClosed) || !strings.Contains(err.Error(), j.Path) {
			t.Errorf("%s: %v, want %v and the path", what, err, boltjournal.ErrClosed)
		}
	}
	if n, _ := j.Size(); n != 1 {
		t.Errorf("usage is %d writes, want 1", n)
	}
}
