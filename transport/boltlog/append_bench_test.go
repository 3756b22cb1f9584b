package boltlog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"chatnode/actors"
	"chatnode/transport/boltlog"
)

// cpu is the process's user and system time so far, in µs.
func cpu(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

// BenchmarkAppend appends batches of messages of 128 bytes to the disk under the temporary
// folder. It reports durable writes a second, CPU (user and system, checkpointer included) a commit,
// and the 99th percentile of an Append.
func BenchmarkAppend(b *testing.B) {
	for _, rooms := range []int{1, 1000} {
		for _, size := range []int{1, 10, 200} {
			b.Run(fmt.Sprintf("rooms=%d/batch=%d", rooms, size), func(b *testing.B) { benchAppend(b, rooms, size) })
		}
	}
}

func benchAppend(b *testing.B, rooms, size int) {
	log, err := boltlog.Open(boltlog.Options{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() {
		if err := log.Close(); err != nil {
			b.Error(err)
		}
	}()
	text, author, n := strings.Repeat("x", 128), actors.Author{ID: "user-1234567890", Name: "A User"}, 0
	batch := make([]actors.Write, size)
	var took []time.Duration
	before, start := cpu(b), time.Now()
	for b.Loop() {
		for i := range batch {
			n++
			id := fmt.Sprintf("01J0000000%016d", n)
			batch[i] = actors.Write{Room: fmt.Sprintf("room-%d", n%rooms), Kind: actors.KindMessage, ID: id, Key: id, Text: text, Author: author}
		}
		began := time.Now()
		if _, err := log.Append(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "writes/s")
	b.ReportMetric((cpu(b)-before)/float64(b.N), "cpu-µs/commit")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
