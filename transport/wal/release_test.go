package wal

import (
	"fmt"
	"sync"
	"testing"
)

// TestAppendDuringRelease: while other batches are released, appends succeed, and the rest is replayed in order.
func TestAppendDuringRelease(t *testing.T) {
	dir := t.TempDir()
	l, _ := mustOpen(t, dir, 0)
	numbers := make(chan uint64, 1000)
	var released uint64
	var owner sync.WaitGroup
	owner.Go(func() {
		for n := range numbers {
			if n%7 != 0 {
				continue
			}
			if err := l.Rotate(); err != nil {
				t.Error(err)
			}
			if err := l.Release(n, nil); err != nil {
				t.Error(err)
			}
			released = n
		}
	})
	var last uint64
	for n := range 500 {
		last = appendAll(t, l, fmt.Sprint("batch ", n+1))
		numbers <- last
	}
	close(numbers)
	owner.Wait()
	again, got, err := openLog(dir, released, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}()
	if want := int(last - released); len(got) != want || want == 0 || got[0] != fmt.Sprint("batch ", released+1) {
		t.Fatalf("%d batches after batch %d replayed, first %q, want %d batches", len(got), released, got[:1], want)
	}
}
