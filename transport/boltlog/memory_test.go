package boltlog

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"chatnode/actors"
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

func message(room string, n int) actors.Write {
	id := fmt.Sprintf("%s-%d", room, n)
	return actors.Write{Room: room, Kind: actors.KindMessage, ID: id, Key: id, Text: "text", Author: actors.Author{ID: "u"}}
}

func mustAppend(t *testing.T, log *Log, batch ...actors.Write) []actors.Receipt {
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
		var batch []actors.Write
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
	now := time.UnixMilli(1_700_000_000_000)
	log := openInside(t, Options{IdempotencyWindow: time.Minute, Now: func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return now
	}})
	for n := range 20 {
		mustAppend(t, log, message("a", n))
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		now = now.Add(time.Minute)
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
