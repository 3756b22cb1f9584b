package boltjournal_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// TestDiskFull: on a full volume, Append returns an error and stores nothing. The stored writes can be read, reopened
// and removed. Append works again when there is space.
func TestDiskFull(t *testing.T) {
	volume := t.TempDir()
	mount(t, volume, 0, "size=12m")
	ballast := write(t, volume, "ballast", strings.Repeat("b", 4<<20))
	o := boltjournal.Options{Path: filepath.Join(volume, "data")}
	j := open(t, o)
	stored := fillVolume(t, j)
	wantWrites(t, j, stored)
	if err := j.Append(stored[:50]); err == nil {
		t.Fatal("append to a full volume succeeded")
	}
	wantWrites(t, j, stored)
	closeJournal(t, j)

	j = open(t, o)
	wantWrites(t, j, stored)
	mustRemove(t, j, 20)
	wantWrites(t, j, stored[20:])
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	mustAppend(t, j, stored[:50]...)
	want := append(stored[20:len(stored):len(stored)], stored[:50]...)
	wantWrites(t, j, want)
	closeJournal(t, j)
	wantWrites(t, open(t, o), want)
}

// fillVolume appends batches of large messages until the volume is full, and returns the stored ones.
func fillVolume(t *testing.T, j *boltjournal.Journal) (stored []chat.Write) {
	t.Helper()
	for n := 0; n < 10000; n += 5 {
		batch := writesFrom(n, n+5)
		for i := range batch {
			batch[i].Text = strings.Repeat("x", 2000)
		}
		err := j.Append(batch)
		if err == nil {
			stored = append(stored, batch...)
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "volume full") || !strings.Contains(err.Error(), j.Path) {
			t.Fatalf("append to a full volume: error %v, want %v with remedy and path", err, syscall.ENOSPC)
		}
		return stored
	}
	t.Fatal("the volume did not become full")
	return nil
}
