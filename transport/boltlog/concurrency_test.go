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

// TestReadersSeeNoGaps: while writers append and edit, and the checkpointer moves and trims, all pages are
// consecutive, and all edited messages have their new text.
func TestReadersSeeNoGaps(t *testing.T) {
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
					verifyPage(t, log, i == 0)
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
		w := messageOf("a", n)
		appendAll(t, log, w, messageOf("a", n+100000), chat.Write{Room: "a", Kind: chat.EntryEdit, ID: "e-" + w.ID, Key: "e-" + w.ID, Target: w.ID, Text: "edited", Author: author})
	}
	close(stop)
	readers.Wait()
}

func verifyPage(t *testing.T, log *boltlog.Log, newest bool) {
	p, err := log.Range(context.Background(), chat.Query{Room: "a", Limit: 1000, Newest: newest})
	if err != nil {
		t.Errorf("Range: %v", err)
		return
	}
	if uint64(len(p.Entries)) != p.Seq-p.First+1 {
		t.Errorf("%d entries from seq %d to %d", len(p.Entries), p.First, p.Seq)
	}
	for i, e := range p.Entries {
		if e.Seq != p.First+uint64(i) || e.Kind == chat.EntryEdit && e.Message.Text != "edited" {
			t.Errorf("entry %d of the page from seq %d is %+v", i, p.First, e)
		}
	}
}

// TestClosed: the methods of a closed log return ErrClosed.
func TestClosed(t *testing.T) {
	log := open(t, boltlog.Options{Path: t.TempDir()})
	closeLog(t, log)
	if _, err := log.Append(context.Background(), []chat.Write{messageOf("a", 1)}); !errors.Is(err, boltlog.ErrClosed) {
		t.Errorf("Append: error %v, want %v", err, boltlog.ErrClosed)
	}
	if _, err := log.Range(context.Background(), chat.Query{Room: "a"}); !errors.Is(err, boltlog.ErrClosed) {
		t.Errorf("Range: error %v, want %v", err, boltlog.ErrClosed)
	}
}

// TestAppendChecksContext: Append stores nothing if its context has ended.
func TestAppendChecksContext(t *testing.T) {
	log := open(t, boltlog.Options{Path: t.TempDir()})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := log.Append(ctx, []chat.Write{messageOf("a", 1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Append: error %v, want %v", err, context.Canceled)
	}
	if p := page(t, log, chat.Query{Room: "a", Limit: 1}); p.Seq != 0 {
		t.Errorf("page %+v, want an empty room", p)
	}
}

// TestBatchLargerThanTransaction: a batch that the checkpointer splits into many transactions is complete for
// readers, also after reopening.
func TestBatchLargerThanTransaction(t *testing.T) {
	dir := t.TempDir()
	log := open(t, boltlog.Options{Path: dir})
	var batch []chat.Write
	for n := range 12000 {
		batch = append(batch, messageOf(fmt.Sprintf("room-%d", n%50), n))
	}
	appendAll(t, log, batch...)
	checkpoint(t, log)
	closeLog(t, log)
	log = open(t, boltlog.Options{Path: dir})
	for i := range 50 {
		if p := page(t, log, chat.Query{Room: fmt.Sprintf("room-%d", i), Limit: 1000}); len(p.Entries) != 240 || p.Seq != 240 {
			t.Fatalf("room %d has %d entries up to seq %d, want 240", i, len(p.Entries), p.Seq)
		}
	}
}
