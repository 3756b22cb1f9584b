package boltlog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// TestReadersNeverSeeAHole: while writers append, edit and delete, and the checkpointer moves and
// trims, every page is consecutive and every edited message shows its edit.
func TestReadersNeverSeeAHole(t *testing.T) {
	log := open(t, boltlog.Options{Path: t.TempDir(), HistorySize: 200})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					readWhole(t, log, i == 0)
				}
			}
		})
	}
	readers.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if err := log.Checkpoint(); err != nil {
					t.Errorf("checkpoint: %v", err)
				}
			}
		}
	})
	for n := range 150 {
		w := say("a", n)
		appendAll(t, log, w, say("a", n+100000), chat.Write{Room: "a", Kind: chat.EntryEdit, ID: "e-" + w.ID, Key: "e-" + w.ID, Target: w.ID, Text: "edited", Author: author})
	}
	close(stop)
	readers.Wait()
}

func readWhole(t *testing.T, log *boltlog.Log, newest bool) {
	p, err := log.Range(context.Background(), chat.Query{Room: "a", Limit: 1000, Newest: newest})
	if err != nil {
		t.Errorf("range: %v", err)
		return
	}
	if uint64(len(p.Entries)) != p.Seq-p.First+1 {
		t.Errorf("%d entries from %d to %d", len(p.Entries), p.First, p.Seq)
	}
	for i, e := range p.Entries {
		if e.Seq != p.First+uint64(i) || e.Kind == chat.EntryEdit && e.Message.Text != "edited" {
			t.Errorf("entry %d of a page from %d: %+v", i, p.First, e)
		}
	}
}

// TestClosed: a closed log says so, and closing it again is no error.
func TestClosed(t *testing.T) {
	log := open(t, boltlog.Options{Path: t.TempDir()})
	closeLog(t, log)
	if _, err := log.Append(context.Background(), []chat.Write{say("a", 1)}); !errors.Is(err, boltlog.ErrClosed) {
		t.Errorf("append: %v, want %v", err, boltlog.ErrClosed)
	}
	if _, err := log.Range(context.Background(), chat.Query{Room: "a"}); !errors.Is(err, boltlog.ErrClosed) {
		t.Errorf("range: %v, want %v", err, boltlog.ErrClosed)
	}
}

// TestEndedContext: nothing is stored for a caller who has gone.
func TestEndedContext(t *testing.T) {
	log := open(t, boltlog.Options{Path: t.TempDir()})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := log.Append(ctx, []chat.Write{say("a", 1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v, want %v", err, context.Canceled)
	}
	if p := page(t, log, chat.Query{Room: "a", Limit: 1}); p.Seq != 0 {
		t.Errorf("page %+v, want nothing stored", p)
	}
}

// TestBatchesLargerThanAJob: one batch of many rooms and megabytes is one batch for readers, the
// file and a reopening.
func TestBatchesLargerThanAJob(t *testing.T) {
	dir := t.TempDir()
	log := open(t, boltlog.Options{Path: dir})
	var batch []chat.Write
	for n := range 12000 {
		batch = append(batch, say(fmt.Sprintf("room-%d", n%50), n))
	}
	appendAll(t, log, batch...)
	checkpoint(t, log)
	closeLog(t, log)
	log = open(t, boltlog.Options{Path: dir})
	for i := range 50 {
		if p := page(t, log, chat.Query{Room: fmt.Sprintf("room-%d", i), Limit: 1000}); len(p.Entries) != 240 || p.Seq != 240 {
			t.Fatalf("room %d holds %d entries up to %d, want 240", i, len(p.Entries), p.Seq)
		}
	}
}
