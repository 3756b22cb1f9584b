package boltjournal_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// TestFull: a batch that does not fit is rejected as a whole, and one that fits exactly is stored. Removal frees
// space. A journal that is opened with a lower limit rejects writes and loses none.
func TestFull(t *testing.T) {
	o := boltjournal.Options{Path: t.TempDir()}
	j := open(t, o)
	mustAppend(t, j, writesFrom(10, 20)...)
	_, o.MaxBytes = j.Size()
	closeJournal(t, j)

	j = open(t, o)
	wantFull(t, j, writeOf(20))
	mustRemove(t, j, 4)
	wantFull(t, j, writesFrom(20, 25)...)
	wantWrites(t, j, writesFrom(14, 20))
	mustAppend(t, j, writesFrom(20, 24)...) // as many bytes as the removed ones, with one Tried
	wantFull(t, j, writeOf(24))
	closeJournal(t, j)

	o.MaxBytes /= 2
	j = open(t, o)
	wantFull(t, j, writeOf(24))
	wantWrites(t, j, writesFrom(14, 24))
	mustRemove(t, j, 10)
	mustAppend(t, j, writeOf(24))
	wantWrites(t, j, writesFrom(24, 25))
}

func wantFull(t *testing.T, j *boltjournal.Journal, batch ...chat.Write) {
	t.Helper()
	n, bytes := j.Size()
	if err := j.Append(batch); !errors.Is(err, chat.ErrJournalFull) {
		t.Fatalf("append of %d writes: error %v, want %v", len(batch), err, chat.ErrJournalFull)
	}
	if n2, bytes2 := j.Size(); n2 != n || bytes2 != bytes {
		t.Fatalf("a rejected batch changed the size from %d writes, %d bytes to %d, %d", n, bytes, n2, bytes2)
	}
}

// TestClosed: all methods of a closed journal return ErrClosed, and closing it again is no error.
func TestClosed(t *testing.T) {
	j := open(t, boltjournal.Options{Path: filepath.Join(t.TempDir(), "a", "b")})
	mustAppend(t, j, writeOf(1))
	closeJournal(t, j)
	closeJournal(t, j)
	_, err := j.Peek(1)
	for method, err := range map[string]error{"Append": j.Append(writesFrom(2, 3)), "RemoveFirst": j.RemoveFirst(1), "Peek": err} {
		if !errors.Is(err, boltjournal.ErrClosed) || !strings.Contains(err.Error(), j.Path) {
			t.Errorf("%s: error %v, want %v with the path", method, err, boltjournal.ErrClosed)
		}
	}
	if n, _ := j.Size(); n != 1 {
		t.Errorf("%d writes stored, want 1", n)
	}
}
