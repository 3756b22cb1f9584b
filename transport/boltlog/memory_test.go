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

func openInternal(t *testing.T, o Options) *Log {
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

// reopenCopy opens a copy of the log's folder in its current state, as a new process after a kill would.
func reopenCopy(t *testing.T, log *Log) *Log {
	t.Helper()
	log.checkpointMu.Lock() // so that the file does not change during the copy
	defer log.checkpointMu.Unlock()
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

// TestCheckpointFreesMemory: after all records are moved, memory contains no entries and no unused rooms. The rooms
// continue with the next seq.
func TestCheckpointFreesMemory(t *testing.T) {
	log := openInternal(t, Options{})
	for n := range 10 {
		var batch []chat.Write
		for room := range 300 {
			batch = append(batch, message(fmt.Sprintf("room-%d", room), n))
		}
		mustAppend(t, log, batch...)
	}
	for range 2 { // the first round clears the used flags
		if err := log.Checkpoint(); err != nil {
			t.Fatal(err)
		}
	}
	log.mu.Lock()
	rooms, pending, records, size := len(log.rooms), len(log.pending), log.records, log.bytes
	log.mu.Unlock()
	if rooms != 0 || pending != 0 || records != 0 || size != 0 {
		t.Fatalf("memory has %d rooms, %d batches, %d records, %d bytes, want none", rooms, pending, records, size)
	}
	if got := mustAppend(t, log, message("room-7", 10))[0]; got.Seq != 11 {
		t.Fatalf("receipt %+v, want seq 11", got)
	}
}

// TestExpiredKeysAreDeleted: memory and file delete keys soon after the window.
func TestExpiredKeysAreDeleted(t *testing.T) {
	var mu sync.Mutex
	var age time.Duration
	log := openInternal(t, Options{IdempotencyWindow: time.Minute, age: func() time.Duration {
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
	cached := keyCount(log.keys)
	log.mu.Unlock()
	if saved > 2 || cached > 3 {
		t.Fatalf("keys of %d minutes in the file and %d in memory, want at most 2 and 3", saved, cached)
	}
}

// keyCount returns the number of stored keys.
func keyCount(m *keyCache) (n int) {
	for i := range m.generations {
		n += len(m.generations[i].index)
	}
	return n
}
