package boltjournal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// BenchmarkKeep keeps batches of messages of 128 bytes on the disk under the temporary folder. It
// reports durable writes a second.
func BenchmarkKeep(b *testing.B) {
	for _, size := range []int{1, 10, 200} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) { benchKeep(b, size) })
	}
}

func benchKeep(b *testing.B, size int) {
	j := openBench(b)
	batch := benchBatch(size)
	start, n := time.Now(), 0
	for b.Loop() {
		if err := j.Append(batch); err != nil {
			b.Fatal(err)
		}
		n += size
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "writes/s")
}

// BenchmarkReplay reads and drops pages of 256 of 20,000 writes held, as a replay does. It reports
// writes a second.
func BenchmarkReplay(b *testing.B) {
	const page, held = 256, 20_000
	j := openBench(b)
	var spent time.Duration
	n := 0
	for b.Loop() {
		if have, _ := j.Size(); have < page {
			b.StopTimer()
			if err := j.Append(benchBatch(held)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		began := time.Now()
		got, err := j.Peek(page)
		if err == nil {
			err = j.RemoveFirst(len(got))
		}
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(began)
		n += len(got)
	}
	b.ReportMetric(float64(n)/spent.Seconds(), "writes/s")
}

func openBench(b *testing.B) *boltjournal.Journal {
	b.Helper()
	j, err := boltjournal.Open(boltjournal.Options{Path: b.TempDir(), MaxBytes: 4 << 30})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := j.Close(); err != nil {
			b.Error(err)
		}
	})
	return j
}

func benchBatch(size int) []chat.Write {
	batch := make([]chat.Write, size)
	for i := range batch {
		id := fmt.Sprintf("01J0000000%016d", i)
		batch[i] = chat.Write{Room: "global", Kind: chat.EntryMessage, ID: id, Key: "client-key-" + id, Text: strings.Repeat("x", 128), Author: chat.Author{ID: "user-1234567890", Name: "A User"}}
	}
	return batch
}
