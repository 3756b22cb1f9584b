package boltjournal_test

import (
	"fmt"
	"slices"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// open opens a journal that the test closes.
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

// say is a message whose id, key and text follow from n.
func say(n int) chat.Write {
	id := fmt.Sprintf("m-%d", n)
	return chat.Write{Room: "global", Kind: chat.EntryMessage, ID: id, Key: "k-" + id, Text: "text of " + id, Author: chat.Author{ID: "u-1", Name: "One"}, Tried: n%3 == 0}
}

// some are the messages from first up to, and without, next.
func some(first, next int) []chat.Write {
	var batch []chat.Write
	for n := first; n < next; n++ {
		batch = append(batch, say(n))
	}
	return batch
}

func keep(t *testing.T, j *boltjournal.Journal, batch ...chat.Write) {
	t.Helper()
	if err := j.Append(batch); err != nil {
		t.Fatal(err)
	}
}

func drop(t *testing.T, j *boltjournal.Journal, n int) {
	t.Helper()
	if err := j.RemoveFirst(n); err != nil {
		t.Fatal(err)
	}
}

// all is everything that the journal holds.
func all(t *testing.T, j *boltjournal.Journal) []chat.Write {
	t.Helper()
	got, err := j.Peek(1 << 30)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// expect asserts that the journal holds exactly these.
func expect(t *testing.T, j *boltjournal.Journal, want []chat.Write) {
	t.Helper()
	if got := all(t, j); !slices.Equal(got, want) {
		t.Fatalf("it holds %d writes, want %d:\n%+v\n%+v", len(got), len(want), got, want)
	}
	if n, bytes := j.Size(); n != len(want) || bytes > 0 != (n > 0) {
		t.Fatalf("usage is %d writes of %d bytes, want %d writes", n, bytes, len(want))
	}
}
