package chaos

import (
	"fmt"
	"time"
)

// metricsKey opens /metrics.
const metricsKey = "a metrics key of more than thirty-two characters"

// survey is the sum of the figures of the surviving nodes, node-2 and node-3.
type survey struct{ rss, heap, goroutines float64 }

// survey asks node-2 and node-3.
func (w *world) survey() (s survey) {
	w.Helper()
	for _, n := range w.Nodes[1:] {
		figures := n.Metrics(w, metricsKey)
		s.rss += figures["process_resident_memory_bytes"]
		s.heap += figures["go_memstats_heap_alloc_bytes"]
		s.goroutines += figures["go_goroutines"]
	}
	if s.rss == 0 {
		w.Error("/metrics says nothing of memory")
	}
	return s
}

// emptied waits until all journals are empty, and returns the time since the cure.
func (w *world) emptied() time.Duration {
	w.Helper()
	for _, n := range w.Nodes {
		eventually(w.T, n.ID+"'s journal is empty", func() bool {
			entries, known := n.Metrics(w, metricsKey)["chatnode_journal_entries"]
			return known && entries == 0
		})
	}
	return time.Since(w.cured)
}

// Limits of the growth of the two surviving nodes in an outage. Provisional messages and the keys of the journal are in
// memory.
const (
	maxGrowth   = 192 << 20 // bytes of both nodes
	maxRoutines = 40        // goroutines of both nodes, once all is healthy
)

// compare logs the surveys and checks the limits.
func (w *world) compare(before, middle, after, healed survey) {
	w.Helper()
	for _, s := range []struct {
		when string
		survey
	}{{"before", before}, {"midway", middle}, {"at the end of the outage", after}, {"healthy again", healed}} {
		w.Logf("survivors %s: RSS %s, heap %s, %.0f goroutines", s.when, mb(s.rss/2), mb(s.heap/2), s.goroutines/2)
	}
	if grown := max(after.rss, healed.rss) - before.rss; grown > maxGrowth {
		w.Errorf("the survivors have grown by %s, more than %s", mb(grown), mb(maxGrowth))
	}
	if more := healed.goroutines - before.goroutines; more > maxRoutines {
		w.Errorf("the survivors have %.0f goroutines more than before", more)
	}
}

func mb(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/(1<<20)) }
