package node

import (
	"context"
	"os"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

// What makes the node give memory back to the system: after many have connected, or left, half of the
// heap is garbage and free pages, and a node that then is quiet would keep them for minutes.
const (
	memoryTick      = 500 * time.Millisecond
	memoryPause     = 30 * time.Second // between two collections of our own
	quietAllocBytes = 2 << 20          // allocated in a tick, below which the node is quiet
	wasteBytes      = 8 << 20          // worth a collection…
	wastePortion    = 4                // …if it is more than a fourth of what lives
)

// How seldom the collector runs. A collection walks the stack of every connection: with 10,000 of them it takes
// a tenth of a second of two cores, in which messages wait. So garbage may grow to a few times of what lives where that
// is little, and to as much as lives, which is Go's own measure, where that is much.
const (
	mostGarbage = 256 << 20
	leastGOGC   = 100
	mostGOGC    = 400
	stepGOGC    = 25 // to set it stops the world for a moment
)

// gogc is the GOGC for so many bytes that live, stacks included.
func gogc(live uint64) int {
	percent := mostGarbage * 100 / max(live, 1)
	return int(min(max(percent, leastGOGC), mostGOGC)) / stepGOGC * stepGOGC
}

// memoryReader reads the few figures that the decisions need; it costs microseconds.
type memoryReader struct {
	samples []runtimemetrics.Sample
	allocs  uint64
	last    time.Time
}

func newMemoryReader() *memoryReader {
	names := []string{"/gc/heap/allocs:bytes", "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes", "/memory/classes/heap/free:bytes", "/memory/classes/heap/unused:bytes", "/memory/classes/heap/stacks:bytes"}
	r := &memoryReader{}
	for _, n := range names {
		r.samples = append(r.samples, runtimemetrics.Sample{Name: n})
	}
	return r
}

func (r *memoryReader) read() { runtimemetrics.Read(r.samples) }

func (r *memoryReader) value(i int) uint64 { return r.samples[i].Value.Uint64() }

// live is what the last collection has found in use, and the stacks.
func (r *memoryReader) live() uint64 { return r.value(1) + r.value(5) }

// shouldCollect reports whether a collection would give back a good part of the heap, and disturb nobody.
func (r *memoryReader) shouldCollect(now time.Time) bool {
	allocated := r.value(0) - r.allocs
	r.allocs = r.value(0)
	live, held := r.value(1), r.value(2)+r.value(3)+r.value(4)
	if allocated > quietAllocBytes || now.Sub(r.last) < memoryPause || held < live {
		return false
	}
	waste := held - live
	return waste > wasteBytes && waste > live/wastePortion
}

// manageMemory gives memory back while the node is quiet, and sets GOGC unless the environment does, until ctx ends.
func manageMemory(ctx context.Context) {
	tick := time.NewTicker(memoryTick)
	defer tick.Stop()
	r, percent := newMemoryReader(), 0
	own := os.Getenv("GOGC") == ""
	if own {
		defer debug.SetGCPercent(leastGOGC)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			r.read()
			if want := gogc(r.live()); own && want != percent {
				debug.SetGCPercent(want)
				percent = want
			}
			if r.shouldCollect(now) {
				debug.FreeOSMemory()
				r.last = now
			}
		}
	}
}
