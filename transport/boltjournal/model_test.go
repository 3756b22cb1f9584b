package boltjournal_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"

	"pgregory.net/rapid"
)

// modelBytes is a limit that random writes sometimes reach.
const modelBytes = 4000

// model is the journal and the slice with the expected writes.
type model struct {
	dir  string
	j    *boltjournal.Journal
	want []chat.Write
}

// TestJournalMatchesSlice: after any sequence of appends, removals and reopenings, the journal contains the same
// writes as a slice, within its limit.
func TestJournalMatchesSlice(t *testing.T) {
	root, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		m := &model{dir: filepath.Join(root, strconv.Itoa(runs))}
		m.open(t)
		defer func() { _ = m.j.Close() }() // reopen checks its error
		t.Repeat(map[string]func(*rapid.T){"": m.check, "append": m.append, "remove": m.removeFirst, "remove too many": m.removeTooMany, "peek": m.peek, "reopen": m.reopen})
	})
}

func (m *model) open(t *rapid.T) {
	var err error
	if m.j, err = boltjournal.Open(boltjournal.Options{Path: m.dir, MaxBytes: modelBytes}); err != nil {
		t.Fatal(err)
	}
}

func (m *model) reopen(t *rapid.T) {
	before, bytesBefore := m.j.Size()
	if err := errors.Join(m.j.Close(), m.j.Close()); err != nil {
		t.Fatalf("close twice: %v", err)
	}
	m.open(t)
	if n, bytes := m.j.Size(); n != before || bytes != bytesBefore {
		t.Fatalf("size %d writes, %d bytes after reopening, want %d, %d", n, bytes, before, bytesBefore)
	}
}

func (m *model) append(t *rapid.T) {
	batch := rapid.SliceOfN(rapid.Custom(drawWrite), 0, 8).Draw(t, "batch")
	_, before := m.j.Size()
	err := m.j.Append(batch)
	if err == nil {
		m.want = append(m.want, batch...)
		return
	}
	if !errors.Is(err, chat.ErrJournalFull) {
		t.Fatalf("append: %v", err)
	}
	if _, bytes := m.j.Size(); bytes != before {
		t.Fatalf("a rejected batch takes %d bytes", bytes-before)
	}
}

func (m *model) removeFirst(t *rapid.T) {
	n := rapid.IntRange(0, len(m.want)).Draw(t, "n")
	if err := m.j.RemoveFirst(n); err != nil {
		t.Fatalf("remove: %v", err)
	}
	m.want = m.want[n:]
}

func (m *model) removeTooMany(t *rapid.T) {
	n := rapid.SampledFrom([]int{-1, len(m.want) + 1}).Draw(t, "n")
	if err := m.j.RemoveFirst(n); err == nil {
		t.Fatalf("removed %d of %d writes", n, len(m.want))
	}
}

func (m *model) peek(t *rapid.T) {
	limit := rapid.IntRange(-1, len(m.want)+1).Draw(t, "limit")
	got, err := m.j.Peek(limit)
	if want := m.want[:min(max(limit, 0), len(m.want))]; err != nil || !slices.Equal(got, want) {
		t.Fatalf("peek %d: %+v, error %v, want %+v", limit, got, err, want)
	}
}

func (m *model) check(t *rapid.T) {
	got, err := m.j.Peek(len(m.want) + 1)
	if err != nil || !slices.Equal(got, m.want) {
		t.Fatalf("stored %+v, error %v, want %+v", got, err, m.want)
	}
	if n, bytes := m.j.Size(); n != len(m.want) || bytes > modelBytes || bytes > 0 != (n > 0) {
		t.Fatalf("size is %d writes, %d bytes, want %d writes", n, bytes, len(m.want))
	}
}

func drawWrite(t *rapid.T) chat.Write {
	return chat.Write{
		Room: rapid.String().Draw(t, "room"), Kind: chat.EntryKind(rapid.IntRange(1, 4).Draw(t, "kind")),
		ID: rapid.String().Draw(t, "id"), Key: rapid.String().Draw(t, "key"), Target: rapid.String().Draw(t, "target"),
		Hint: rapid.Uint64().Draw(t, "hint"), Text: rapid.StringN(0, 400, -1).Draw(t, "text"), UserID: rapid.String().Draw(t, "user"),
		Author: chat.Author{ID: rapid.String().Draw(t, "author"), Name: "Name", Admin: rapid.Bool().Draw(t, "admin")},
		Tried:  rapid.Bool().Draw(t, "tried"), Again: rapid.Bool().Draw(t, "again"),
		Floor: chat.Floor{Epoch: "epoch", Seq: rapid.Uint64().Draw(t, "floor")},
	}
}
