package stats

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLatencyCoversLastSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observed := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Minute)), 1, 3*latencySamples).Draw(t, "observed")
		var l Latency
		for _, d := range observed {
			l.Observe(time.Duration(d))
		}
		recent := observed[max(0, len(observed)-latencySamples):]
		var sum, longest int64
		for _, d := range recent {
			sum += d
			longest = max(longest, d)
		}
		mean, top := l.Recent()
		if mean != time.Duration(sum/int64(len(recent))) || top != time.Duration(longest) {
			t.Fatalf("mean %v, longest %v of the samples %v", mean, top, recent)
		}
	})
}

func TestLatencyIsZeroAtFirst(t *testing.T) {
	var l Latency
	if mean, longest := l.Recent(); mean != 0 || longest != 0 {
		t.Errorf("mean %v, longest %v before the first observation", mean, longest)
	}
}
