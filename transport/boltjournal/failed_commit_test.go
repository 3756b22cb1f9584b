package boltjournal

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"go.etcd.io/bbolt"
)

func openInside(t *testing.T) *Journal {
	t.Helper()
	j, err := Open(Options{Path: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}

func mustKeep(t *testing.T, j *Journal, ids ...string) {
	t.Helper()
	if err := j.Append(writes(ids...)); err != nil {
		t.Fatal(err)
	}
}

func writes(ids ...string) []chat.Write {
	batch := make([]chat.Write, len(ids))
	for i, id := range ids {
		batch[i] = chat.Write{Room: "a", Kind: chat.EntryMessage, ID: id, Key: id, Text: "text of " + id}
	}
	return batch
}

// holds asserts that the journal holds these, and that memory and file agree after a reopening.
func holds(t *testing.T, j *Journal, ids ...string) {
	t.Helper()
	got, err := j.Peek(100)
	if err != nil || !slices.Equal(got, writes(ids...)) {
		t.Fatalf("it holds %+v, error %v, want %v", got, err, ids)
	}
	before := *j.held.Load()
	if err := j.db.View(j.load); err != nil || *j.held.Load() != before {
		t.Fatalf("the file holds %+v, error %v, and memory %+v", *j.held.Load(), err, before)
	}
}

// TestFailedKeep: a Keep that has failed keeps nothing, whether its commit had reached the file or not,
// and the next one goes on.
func TestFailedKeep(t *testing.T) {
	for name, landed := range map[string]bool{"reached the file": true, "did not reach it": false} {
		t.Run(name, func(t *testing.T) {
			j := openInside(t)
			mustKeep(t, j, "m1", "m2")
			records, size := encodeWrites(writes("x", "y"))
			was := *j.held.Load()
			j.doubt = &extent{first: was.first, next: was.next + 2, bytes: was.bytes + size}
			if landed {
				change(t, j, func(b *bbolt.Bucket) error { return putRecords(b, was.next, records) })
			}
			holds(t, j, "m1", "m2")
			mustKeep(t, j, "m3")
			holds(t, j, "m1", "m2", "m3")
		})
	}
}

// TestFailedDrop: after a Drop that has failed the journal holds what the file does.
func TestFailedDrop(t *testing.T) {
	for name, landed := range map[string]bool{"reached the file": true, "did not reach it": false} {
		t.Run(name, func(t *testing.T) {
			j := openInside(t)
			mustKeep(t, j, "m1", "m2", "m3")
			was := *j.held.Load()
			_, size := encodeWrites(writes("m1", "m2"))
			j.doubt = &extent{first: was.first + 2, next: was.next, bytes: was.bytes - size}
			want := []string{"m1", "m2", "m3"}
			if landed {
				change(t, j, func(b *bbolt.Bucket) error {
					_, err := deleteRecords(b, was.first, was.first+2)
					return err
				})
				want = want[2:]
			}
			holds(t, j, want...)
			mustKeep(t, j, "m4")
			holds(t, j, append(want, "m4")...)
		})
	}
}

func change(t *testing.T, j *Journal, f func(*bbolt.Bucket) error) {
	t.Helper()
	if err := j.db.Update(func(tx *bbolt.Tx) error { return f(tx.Bucket(writesBucket)) }); err != nil {
		t.Fatal(err)
	}
}

// TestDroppedTextIsGone: no live record of the file holds the text of a write that was dropped.
func TestDroppedTextIsGone(t *testing.T) {
	j := openInside(t)
	for range 300 {
		mustKeep(t, j, "SECRET"+strings.Repeat("x", 500))
	}
	mustKeep(t, j, "kept")
	if err := j.RemoveFirst(300); err != nil {
		t.Fatal(err)
	}
	records := 0
	change(t, j, func(b *bbolt.Bucket) error {
		return b.ForEach(func(_, r []byte) error {
			records++
			if bytes.Contains(r, []byte("SECRET")) || !bytes.Contains(r, []byte("text of kept")) {
				t.Errorf("a live record is %q", r)
			}
			return nil
		})
	})
	if records != 1 {
		t.Fatalf("%d records are live, want 1", records)
	}
}
