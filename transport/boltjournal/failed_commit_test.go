package boltjournal

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"chatnode/actors/chat"

	"go.etcd.io/bbolt"
)

func openInternal(t *testing.T) *Journal {
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

func mustAppend(t *testing.T, j *Journal, ids ...string) {
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

// wantStored asserts that the journal contains these writes, and that memory and file agree after reloading.
func wantStored(t *testing.T, j *Journal, ids ...string) {
	t.Helper()
	got, err := j.Peek(100)
	if err != nil || !slices.Equal(got, writes(ids...)) {
		t.Fatalf("stored %+v, error %v, want %v", got, err, ids)
	}
	before := *j.stored.Load()
	if err := j.db.View(j.load); err != nil || *j.stored.Load() != before {
		t.Fatalf("the file has %+v, error %v, memory has %+v", *j.stored.Load(), err, before)
	}
}

// TestFailedAppend: a failed Append stores nothing, whether its commit was written to the file or not, and the next
// Append succeeds.
func TestFailedAppend(t *testing.T) {
	for name, reached := range map[string]bool{"written": true, "not written": false} {
		t.Run(name, func(t *testing.T) {
			j := openInternal(t)
			mustAppend(t, j, "m1", "m2")
			records, size := encodeWrites(writes("x", "y"))
			was := *j.stored.Load()
			j.uncommitted = &extent{first: was.first, next: was.next + 2, bytes: was.bytes + size}
			if reached {
				change(t, j, func(b *bbolt.Bucket) error { return putRecords(b, was.next, records) })
			}
			wantStored(t, j, "m1", "m2")
			mustAppend(t, j, "m3")
			wantStored(t, j, "m1", "m2", "m3")
		})
	}
}

// TestFailedRemove: after a failed RemoveFirst, memory agrees with the file.
func TestFailedRemove(t *testing.T) {
	for name, reached := range map[string]bool{"written": true, "not written": false} {
		t.Run(name, func(t *testing.T) {
			j := openInternal(t)
			mustAppend(t, j, "m1", "m2", "m3")
			was := *j.stored.Load()
			_, size := encodeWrites(writes("m1", "m2"))
			j.uncommitted = &extent{first: was.first + 2, next: was.next, bytes: was.bytes - size}
			want := []string{"m1", "m2", "m3"}
			if reached {
				change(t, j, func(b *bbolt.Bucket) error {
					_, err := deleteRecords(b, was.first, was.first+2)
					return err
				})
				want = want[2:]
			}
			wantStored(t, j, want...)
			mustAppend(t, j, "m4")
			wantStored(t, j, append(want, "m4")...)
		})
	}
}

func change(t *testing.T, j *Journal, f func(*bbolt.Bucket) error) {
	t.Helper()
	if err := j.db.Update(func(tx *bbolt.Tx) error { return f(tx.Bucket(writesBucket)) }); err != nil {
		t.Fatal(err)
	}
}

// TestRemovedTextIsErased: no live record of the file contains the text of a removed write.
func TestRemovedTextIsErased(t *testing.T) {
	j := openInternal(t)
	for range 300 {
		mustAppend(t, j, "SECRET"+strings.Repeat("x", 500))
	}
	mustAppend(t, j, "kept")
	if err := j.RemoveFirst(300); err != nil {
		t.Fatal(err)
	}
	records := 0
	change(t, j, func(b *bbolt.Bucket) error {
		return b.ForEach(func(_, r []byte) error {
			records++
			if bytes.Contains(r, []byte("SECRET")) || !bytes.Contains(r, []byte("text of kept")) {
				t.Errorf("live record %q", r)
			}
			return nil
		})
	})
	if records != 1 {
		t.Fatalf("%d live records, want 1", records)
	}
}
