package wal

import (
	"fmt"
	"sync"
	"testing"
)

// TestAppendsBesideReleases: batches come while others are released, and what is left is there in order.
func TestAppendsBesideReleases(t *testing.T) {
	dir := t.TempDir()
	l, _ := open(t, dir, 0)
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
	again, got, err := opened(dir, released, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}()
	if want := int(last - released); len(got) != want || want == 0 || got[0] != fmt.Sprint("batch ", released+1) {
		t.Fatalf("%d batches after %d were replayed, the first %q; want %d", len(got), released, got[:1], want)
	}
}
