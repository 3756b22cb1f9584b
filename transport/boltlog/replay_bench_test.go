package boltlog

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"chatnode/actors/chat"
)

// BenchmarkOpenAfterKill opens a log with the maximum number of pending records after a kill.
func BenchmarkOpenAfterKill(b *testing.B) {
	dir := b.TempDir()
	log, err := Open(Options{Path: dir})
	if err != nil {
		b.Fatal(err)
	}
	log.checkpointMu.Lock() // so that nothing is moved
	text := strings.Repeat("x", 128)
	batch := make([]chat.Write, 100)
	for n := range maxPending / len(batch) {
		for i := range batch {
			id := fmt.Sprintf("01J0000000%016d", n*len(batch)+i)
			batch[i] = chat.Write{Room: fmt.Sprintf("room-%d", (n*len(batch)+i)%1000), Kind: chat.EntryMessage, ID: id, Key: id, Text: text, Author: chat.Author{ID: "user-1234567890"}}
		}
		if _, err := log.Append(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		b.StopTimer()
		killed := b.TempDir()
		if err := os.CopyFS(killed, os.DirFS(dir)); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		again, err := Open(Options{Path: killed})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := again.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	log.checkpointMu.Unlock()
	if err := log.Close(); err != nil {
		b.Fatal(err)
	}
}
