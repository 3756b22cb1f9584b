package boltlog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

// cpu returns the user and system time of the process so far, in µs.
func cpu(b *testing.B) float64 {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e3
}

// BenchmarkAppend appends batches of messages with 128 bytes to a log in the temporary folder, and moves all of them
// at the end. It reports durable writes per second, CPU time (user and system, with the checkpointer) per commit and
// per record, and percentiles of the time of an Append.
func BenchmarkAppend(b *testing.B) {
	for _, rooms := range []int{1, 1000} {
		for _, size := range []int{1, 10, 100, 200} {
			b.Run(fmt.Sprintf("rooms=%d/batch=%d", rooms, size), func(b *testing.B) {
				log := openBench(b)
				benchAppend(b, log, rooms, size, noDelay())
			})
		}
	}
}

// BenchmarkAppendDuringCheckpoint is BenchmarkAppend with a checkpointer that never sleeps.
func BenchmarkAppendDuringCheckpoint(b *testing.B) {
	for _, size := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("rooms=1000/batch=%d", size), func(b *testing.B) {
			log := openBench(b)
			quit := make(chan struct{})
			var checkpointer sync.WaitGroup
			checkpointer.Go(func() {
				for {
					select {
					case <-quit:
						return
					default:
						if err := log.Checkpoint(); err != nil {
							b.Error(err)
							return
						}
					}
				}
			})
			benchAppend(b, log, 1000, size, noDelay())
			close(quit)
			checkpointer.Wait()
		})
	}
}

// BenchmarkAppendAtRate appends to 1,000 rooms every 3 ms, for example 15 messages for 5,000 per second, while the
// checkpointer works as in a node. The tail percentiles are the delay by the checkpointer. 4,000 batches (-benchtime
// 4000x) include at least two rounds.
func BenchmarkAppendAtRate(b *testing.B) {
	for _, rate := range []int{1000, 5000, 10000} {
		b.Run(fmt.Sprintf("rooms=1000/rate=%d", rate), func(b *testing.B) {
			tick := time.NewTicker(commitInterval)
			defer tick.Stop()
			benchAppend(b, openBench(b), 1000, rate*int(commitInterval/time.Millisecond)/1000, tick.C)
		})
	}
}

// commitInterval is the time between two commits of a busy node.
const commitInterval = 3 * time.Millisecond

// noDelay returns a channel that never blocks, for appends without delay.
func noDelay() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}

func openBench(b *testing.B) *boltlog.Log {
	b.Helper()
	log, err := boltlog.Open(boltlog.Options{Path: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := log.Close(); err != nil {
			b.Error(err)
		}
	})
	return log
}

func benchAppend(b *testing.B, log *boltlog.Log, rooms, size int, due <-chan time.Time) {
	text, author, n := strings.Repeat("x", 128), chat.Author{ID: "user-1234567890", Name: "A User"}, 0
	batch := make([]chat.Write, size)
	names := make([]string, rooms)
	for i := range names {
		names[i] = fmt.Sprintf("room-%d", i)
	}
	var took []time.Duration
	b.ReportAllocs()
	before, start := cpu(b), time.Now()
	for b.Loop() {
		for i := range batch {
			n++
			id := fmt.Sprintf("01J0000000%016d", n)
			batch[i] = chat.Write{Room: names[n%rooms], Kind: chat.EntryMessage, ID: id, Key: id, Text: text, Author: author}
		}
		<-due
		begin := time.Now()
		if _, err := log.Append(context.Background(), batch); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(begin))
	}
	b.ReportMetric(float64(n)/time.Since(start).Seconds(), "writes/s")
	if err := log.Checkpoint(); err != nil {
		b.Fatal(err)
	}
	used := cpu(b) - before
	b.ReportMetric(used/float64(b.N), "cpu-µs/commit")
	b.ReportMetric(used/float64(n), "cpu-µs/record")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(took[len(took)*999/1000].Microseconds()), "p999-µs")
	b.ReportMetric(float64(took[len(took)-1].Microseconds()), "max-µs")
}
