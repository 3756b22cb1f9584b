package node

import (
	"context"
	"os"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

// Conditions for returning memory to the system. After many clients have connected or disconnected, half of the heap
// is garbage and free pages. The runtime of an idle node would keep them for minutes.
const (
	memoryCheckInterval = 500 * time.Millisecond
	minCollectInterval  = 30 * time.Second // between two collections that this file starts
	quietAllocBytes     = 2 << 20          // the node is idle if it allocates at most this much per check
	minWasteBytes       = 8 << 20          // minimum waste for a collection
	wasteDivisor        = 4                // waste must also be more than live/wasteDivisor
)

// Limits of GOGC. A collection scans the stack of every connection. With 10,000 connections it occupies two cores for
// 0.1 s, which delays messages. A small heap may therefore have garbage of several times its live bytes. A large heap
// has at most as much garbage as live bytes, which is the default of Go.
const (
	maxGarbageBytes = 256 << 20
	minGOGC         = 100
	maxGOGC         = 400
	gogcStep        = 25 // GOGC changes in steps, because each change stops the world
)

// gogc returns the GOGC for a number of live bytes, including stacks.
func gogc(live uint64) int {
	percent := maxGarbageBytes * 100 / max(live, 1)
	return int(min(max(percent, minGOGC), maxGOGC)) / gogcStep * gogcStep
}

// memoryReader reads the runtime metrics that manageMemory needs. One read takes microseconds.
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

// live returns the live heap bytes of the last collection plus the bytes of all stacks.
func (r *memoryReader) live() uint64 { return r.value(1) + r.value(5) }

// shouldCollect reports whether the node is idle and a collection would free a large part of the heap.
func (r *memoryReader) shouldCollect(now time.Time) bool {
	allocated := r.value(0) - r.allocs
	r.allocs = r.value(0)
	live, used := r.value(1), r.value(2)+r.value(3)+r.value(4)
	if allocated > quietAllocBytes || now.Sub(r.last) < minCollectInterval || used < live {
		return false
	}
	waste := used - live
	return waste > minWasteBytes && waste > live/wasteDivisor
}

// manageMemory returns memory to the system while the node is idle, until ctx ends. It also sets GOGC, unless the
// environment does.
func manageMemory(ctx context.Context) {
	tick := time.NewTicker(memoryCheckInterval)
	defer tick.Stop()
	r, percent := newMemoryReader(), 0
	setGOGC := os.Getenv("GOGC") == ""
	if setGOGC {
		defer debug.SetGCPercent(minGOGC)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			r.read()
			if want := gogc(r.live()); setGOGC && want != percent {
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
