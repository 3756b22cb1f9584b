package boltjournal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltjournal"
)

// BenchmarkAppend appends batches of messages with 128 bytes to a journal in the temporary folder, and reports
// durable writes per second.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 10, 200} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) { benchAppend(b, size) })
	}
}

func benchAppend(b *testing.B, size int) {
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

// BenchmarkReplay reads and removes pages of 256 writes from a journal of 20,000, as a replay does. It reports writes
// per second.
func BenchmarkReplay(b *testing.B) {
	const page, total = 256, 20_000
	j := openBench(b)
	var spent time.Duration
	n := 0
	for b.Loop() {
		if have, _ := j.Size(); have < page {
			b.StopTimer()
			if err := j.Append(benchBatch(total)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		start := time.Now()
		got, err := j.Peek(page)
		if err == nil {
			err = j.RemoveFirst(len(got))
		}
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
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
