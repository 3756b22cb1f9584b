package node

import (
	"context"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

// What makes the node give memory back to the system: after many have connected, or left, half of the
// heap is garbage and free pages, and a node that then is quiet would keep them for minutes.
const (
	memoryTick   = 500 * time.Millisecond
	memoryPause  = 30 * time.Second // between two collections of our own
	quietBytes   = 2 << 20          // allocated in a tick, below which the node is quiet
	wasteBytes   = 8 << 20          // worth a collection…
	wastePortion = 4                // …if it is more than a fourth of what lives
)

// memoryReader reads the few figures that the decision needs; it costs microseconds.
type memoryReader struct {
	samples []runtimemetrics.Sample
	allocs  uint64
	last    time.Time
}

func newMemoryReader() *memoryReader {
	names := []string{"/gc/heap/allocs:bytes", "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes", "/memory/classes/heap/free:bytes", "/memory/classes/heap/unused:bytes"}
	r := &memoryReader{}
	for _, n := range names {
		r.samples = append(r.samples, runtimemetrics.Sample{Name: n})
	}
	return r
}

// wasteful reports whether a collection would give back a good part of the heap, and disturb nobody.
func (r *memoryReader) wasteful(now time.Time) bool {
	runtimemetrics.Read(r.samples)
	value := func(i int) uint64 { return r.samples[i].Value.Uint64() }
	allocated := value(0) - r.allocs
	r.allocs = value(0)
	live, held := value(1), value(2)+value(3)+value(4)
	if allocated > quietBytes || now.Sub(r.last) < memoryPause || held < live {
		return false
	}
	waste := held - live
	return waste > wasteBytes && waste > live/wastePortion
}

// tendMemory gives memory back while the node is quiet, until ctx ends.
func tendMemory(ctx context.Context) {
	tick := time.NewTicker(memoryTick)
	defer tick.Stop()
	r := newMemoryReader()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if r.wasteful(now) {
				debug.FreeOSMemory()
				r.last = now
			}
		}
	}
}
