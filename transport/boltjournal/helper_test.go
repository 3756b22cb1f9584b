package boltjournal_test

import (
	"fmt"
	"slices"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// open opens a journal, which the test closes.
func open(t *testing.T, o boltjournal.Options) *boltjournal.Journal {
	t.Helper()
	j, err := boltjournal.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeJournal(t, j) })
	return j
}

func closeJournal(t *testing.T, j *boltjournal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// writeOf returns the message with number n, from which its id, key and text follow.
func writeOf(n int) chat.Write {
	id := fmt.Sprintf("m-%d", n)
	return chat.Write{Room: "global", Kind: chat.EntryMessage, ID: id, Key: "k-" + id, Text: "text of " + id, Author: chat.Author{ID: "u-1", Name: "One"}, Tried: n%3 == 0}
}

// writesFrom returns the messages with numbers from first to next-1.
func writesFrom(first, next int) []chat.Write {
	var batch []chat.Write
	for n := first; n < next; n++ {
		batch = append(batch, writeOf(n))
	}
	return batch
}

func mustAppend(t *testing.T, j *boltjournal.Journal, batch ...chat.Write) {
	t.Helper()
	if err := j.Append(batch); err != nil {
		t.Fatal(err)
	}
}

func mustRemove(t *testing.T, j *boltjournal.Journal, n int) {
	t.Helper()
	if err := j.RemoveFirst(n); err != nil {
		t.Fatal(err)
	}
}

// peekAll returns all stored writes.
func peekAll(t *testing.T, j *boltjournal.Journal) []chat.Write {
	t.Helper()
	got, err := j.Peek(1 << 30)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wantWrites asserts that the journal contains exactly these writes.
func wantWrites(t *testing.T, j *boltjournal.Journal, want []chat.Write) {
	t.Helper()
	if got := peekAll(t, j); !slices.Equal(got, want) {
		t.Fatalf("%d writes stored, want %d:\n%+v\n%+v", len(got), len(want), got, want)
	}
	if n, bytes := j.Size(); n != len(want) || bytes > 0 != (n > 0) {
		t.Fatalf("size is %d writes, %d bytes, want %d writes", n, bytes, len(want))
	}
}
