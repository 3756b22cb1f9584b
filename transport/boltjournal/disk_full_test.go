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

// TestDiskFull: on a full volume Keep says so and keeps nothing; what was kept can be read, opened
// again and dropped; and the journal keeps again by itself once there is space.
func TestDiskFull(t *testing.T) {
	volume := t.TempDir()
	mount(t, volume, 0, "size=12m")
	ballast := write(t, volume, "ballast", strings.Repeat("b", 4<<20))
	o := boltjournal.Options{Path: filepath.Join(volume, "data")}
	j := open(t, o)
	kept := fillVolume(t, j)
	expect(t, j, kept)
	if err := j.Append(kept[:50]); err == nil {
		t.Fatal("a batch was kept on a full volume")
	}
	expect(t, j, kept)
	closeJournal(t, j)

	j = open(t, o)
	expect(t, j, kept)
	drop(t, j, 20)
	expect(t, j, kept[20:])
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	keep(t, j, kept[:50]...)
	want := append(kept[20:len(kept):len(kept)], kept[:50]...)
	expect(t, j, want)
	closeJournal(t, j)
	expect(t, open(t, o), want)
}

// fillVolume keeps batches of large messages until the volume is full, and returns what was kept.
func fillVolume(t *testing.T, j *boltjournal.Journal) (kept []chat.Write) {
	t.Helper()
	for n := 0; n < 10000; n += 5 {
		batch := some(n, n+5)
		for i := range batch {
			batch[i].Text = strings.Repeat("x", 2000)
		}
		err := j.Append(batch)
		if err == nil {
			kept = append(kept, batch...)
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the volume is full") || !strings.Contains(err.Error(), j.Path) {
			t.Fatalf("keep on a full volume: %v, want a sentence around %v", err, syscall.ENOSPC)
		}
		return kept
	}
	t.Fatal("the volume does not fill")
	return nil
}
