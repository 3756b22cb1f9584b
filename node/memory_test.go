package node

import (
	runtimemetrics "runtime/metrics"
	"testing"
)

func TestGOGC(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		live uint64
		want int
	}{
		{0, 400},
		{10 * mb, 400},
		{64 * mb, 400},
		{100 * mb, 250}, // 256 MB of garbage
		{200 * mb, 125},
		{256 * mb, 100},
		{4096 * mb, 100},
	} {
		if got := gogc(c.live); got != c.want {
			t.Errorf("%d live MB: GOGC %d, want %d", c.live/mb, got, c.want)
		}
	}
}

// This version of Go has all runtime metrics that manageMemory reads.
func TestRuntimeMetricsExist(t *testing.T) {
	r := newMemoryReader()
	r.read()
	for i, s := range r.samples {
		if s.Value.Kind() != runtimemetrics.KindUint64 || i == 0 && r.value(i) == 0 {
			t.Errorf("%s: kind %d", s.Name, s.Value.Kind())
		}
	}
	if r.live() == 0 {
		t.Error("no live bytes")
	}
}
