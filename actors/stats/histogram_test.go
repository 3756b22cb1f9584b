package stats

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestHistogramCountsUpToBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observed := rapid.SliceOf(rapid.Int64Range(0, int64(10*time.Second))).Draw(t, "observed")
		var h Histogram
		var total time.Duration
		for _, d := range observed {
			h.Observe(time.Duration(d))
			total += time.Duration(d)
		}
		count, sum, within := h.Read()
		if count != uint64(len(observed)) || sum != total {
			t.Fatalf("count %d, sum %v, want %d, %v", count, sum, len(observed), total)
		}
		for bound, n := range within {
			var want uint64
			for _, d := range observed {
				if time.Duration(d) <= bound {
					want++
				}
			}
			if n != want {
				t.Fatalf("%d observations up to %v, want %d", n, bound, want)
			}
		}
	})
}

func TestHistogramConcurrentObserve(t *testing.T) {
	var h Histogram
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				h.Observe(time.Millisecond)
			}
		})
	}
	all.Wait()
	if count, sum, within := h.Read(); count != 4000 || sum != 4*time.Second || within[time.Millisecond] != 4000 {
		t.Errorf("count %d, sum %v, %d up to 1 ms", count, sum, within[time.Millisecond])
	}
}

func BenchmarkHistogramObserve(b *testing.B) {
	var h Histogram
	for b.Loop() {
		h.Observe(3 * time.Millisecond)
	}
}
