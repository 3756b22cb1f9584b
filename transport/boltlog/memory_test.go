package boltlog

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"chatnode/actors/chat"
)

func openInside(t *testing.T, o Options) *Log {
	t.Helper()
	o.Path = t.TempDir()
	log, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return log
}

// killed opens a copy of the log's folder as it is now, as a new process would after a kill.
func killed(t *testing.T, log *Log) *Log {
	t.Helper()
	log.checking.Lock() // the file does not change while it is copied
	defer log.checking.Unlock()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(log.Path)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(Options{Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return again
}

func pageOf(t *testing.T, log *Log, room string) chat.Page {
	t.Helper()
	p, err := log.Range(context.Background(), chat.Query{Room: room, Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func message(room string, n int) chat.Write {
	id := fmt.Sprintf("%s-%d", room, n)
	return chat.Write{Room: room, Kind: chat.EntryMessage, ID: id, Key: id, Text: "text", Author: chat.Author{ID: "u"}}
}

func mustAppend(t *testing.T, log *Log, batch ...chat.Write) []chat.Receipt {
	t.Helper()
	got, err := log.Append(context.Background(), batch)
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return got
}

// TestMemoryIsGivenBack: when everything is moved, memory holds no entry, and no room that
// nobody uses; the rooms go on where they were.
func TestMemoryIsGivenBack(t *testing.T) {
	log := openInside(t, Options{})
	for n := range 10 {
		var batch []chat.Write
		for room := range 300 {
			batch = append(batch, message(fmt.Sprintf("room-%d", room), n))
		}
		mustAppend(t, log, batch...)
	}
	for range 2 { // the first sweep forgets that they were used
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
	}
	log.mu.Lock()
	rooms, pending, records, size := len(log.rooms), len(log.pending), log.records, log.bytes
	log.mu.Unlock()
	if rooms != 0 || pending != 0 || records != 0 || size != 0 {
		t.Fatalf("memory holds %d rooms, %d batches of %d records, %d bytes", rooms, pending, records, size)
	}
	if got := mustAppend(t, log, message("room-7", 10))[0]; got.Seq != 11 {
		t.Fatalf("receipt %+v, want seq 11", got)
	}
}

// TestKeysOutliveTheirWindowNot: neither memory nor file answers a key long after the window.
func TestKeysOutliveTheirWindowNot(t *testing.T) {
	var mu sync.Mutex
	var age time.Duration
	log := openInside(t, Options{IdempotencyWindow: time.Minute, age: func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return age
	}})
	for n := range 20 {
		mustAppend(t, log, message("a", n))
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		age += time.Minute
		mu.Unlock()
	}
	tx, err := log.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	saved := tx.Bucket(idemBucket).Stats().KeyN
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	log.mu.Lock()
	held := log.idem.size()
	log.mu.Unlock()
	if saved > 2 || held > 3 {
		t.Fatalf("the file holds %d minutes of keys and memory %d", saved, held)
	}
}
