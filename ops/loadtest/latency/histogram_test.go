package latency

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// exact returns the nearest-rank quantile of sorted durations.
func exact(sorted []time.Duration, q float64) time.Duration {
	rank := max(1, int(math.Ceil(q*float64(len(sorted)))))
	return sorted[rank-1]
}

func TestQuantilesAreAccurate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Exponents instead of values, so that each octave is equally likely.
		exponents := rapid.SliceOfN(rapid.Float64Range(0, 11), 1, 300).Draw(t, "exponents")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		var r Recorder
		all := make([]time.Duration, len(exponents))
		for i, e := range exponents {
			all[i] = time.Duration(math.Pow(10, e))
			r.Record(i, all[i])
		}
		slices.Sort(all)
		c := r.Snapshot()
		want, got := exact(all, q), c.Quantile(q)
		if off := (got - want).Abs(); off > want/128+time.Microsecond {
			t.Fatalf("quantile %v of %d: %v, not %v", q, len(all), got, want)
		}
		if c.Total() != uint64(len(all)) || c.Max() != all[len(all)-1].Truncate(time.Microsecond) {
			t.Fatalf("total %d of %d, max %v of %v", c.Total(), len(all), c.Max(), all[len(all)-1])
		}
	})
}

func TestBucketContainsItsMiddle(t *testing.T) {
	for i := range buckets {
		if got := bucket(middle(i)); got != i {
			t.Fatalf("the middle of bucket %d, %d us, is in bucket %d", i, middle(i), got)
		}
	}
	if got := bucket(math.MaxUint64); got != buckets-1 {
		t.Errorf("the longest duration is in bucket %d of %d", got, buckets)
	}
}

func TestRecorderCountsExtremes(t *testing.T) {
	var r Recorder
	if got := r.Snapshot().Quantile(0.5); got != 0 {
		t.Errorf("quantile of nothing: %v", got)
	}
	r.Record(-1, -time.Second)
	r.Record(0, math.MaxInt64)
	c := r.Snapshot()
	if c.Total() != 2 || c.Quantile(0.5) != 0 || c.Quantile(1) < 24*time.Hour {
		t.Errorf("total %d, median %v, maximum %v", c.Total(), c.Quantile(0.5), c.Quantile(1))
	}
}

func TestSinceIsDifference(t *testing.T) {
	var r Recorder
	r.Record(0, time.Second)
	old := r.Snapshot()
	for range 10 {
		r.Record(0, time.Millisecond)
	}
	d := r.Snapshot().Since(old)
	if d.Total() != 10 || d.Quantile(1) > 2*time.Millisecond {
		t.Errorf("total %d, maximum %v", d.Total(), d.Quantile(1))
	}
}

func TestRecorderIsConcurrent(t *testing.T) {
	var r Recorder
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 1000 {
				r.Record(g, time.Duration(i)*time.Microsecond)
			}
		})
	}
	wg.Wait()
	if c := r.Snapshot(); c.Total() != 4000 || c.Max() != 999*time.Microsecond {
		t.Errorf("total %d, max %v", c.Total(), c.Max())
	}
	if n := testing.AllocsPerRun(100, func() { r.Record(1, time.Millisecond) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
