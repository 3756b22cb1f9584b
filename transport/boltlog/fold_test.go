package boltlog_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// TestRangeMatchesFold: Range returns the entries of chat.Fold over the history, from memory and from the file.
func TestRangeMatchesFold(t *testing.T) {
	root, runs := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		runs++
		log, err := boltlog.Open(boltlog.Options{Path: filepath.Join(root, fmt.Sprint(runs))})
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := log.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}()
		var want []chat.Entry
		log.OnCommit(func(events []chat.Delivered) {
			for _, d := range events {
				chat.Fold(want, &d.Entry)
				want = append(want, d.Entry)
			}
		})
		n := 0
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				batch := make([]chat.Write, rapid.IntRange(1, 4).Draw(t, "size"))
				for i := range batch {
					n++
					batch[i] = drawWrite(t, n)
				}
				if _, err := log.Append(context.Background(), batch); err != nil {
					t.Fatal(err)
				}
			},
			"checkpoint": func(t *rapid.T) {
				if err := log.Checkpoint(); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				p, err := log.Range(context.Background(), chat.Query{Room: "a", Limit: len(want) + 1})
				if err != nil || !slices.Equal(p.Entries, want) {
					t.Fatalf("entries %+v, error %v, want %+v", p.Entries, err, want)
				}
			},
		})
	})
}

// drawWrite draws write n, which may change one of the messages before it.
func drawWrite(t *rapid.T, n int) chat.Write {
	users := rapid.SampledFrom([]string{"u-1", "u-2"})
	w := chat.Write{Room: "a", Kind: rapid.SampledFrom(slices.Collect(chat.EntryKinds())).Draw(t, "kind"), ID: fmt.Sprint(n)}
	w.Author = chat.Author{ID: users.Draw(t, "author"), Admin: rapid.Bool().Draw(t, "admin")}
	switch w.Kind {
	case chat.EntryMessage:
	case chat.EntryEdit, chat.EntryDelete:
		w.Target = fmt.Sprint(rapid.IntRange(1, n).Draw(t, "target"))
	case chat.EntryBulkDelete:
		w.UserID = users.Draw(t, "user")
	}
	if w.Kind.HasText() {
		w.Text = fmt.Sprint("text ", n)
	}
	return w
}
