package latency

import "time"

// shards is the number of histograms that share the load of one Recorder.
const shards = 8

// Recorder is a Histogram for many cores. The zero value is empty.
type Recorder struct{ shard [shards]Histogram }

// Record counts d. Concurrent callers should use different keys.
func (r *Recorder) Record(key int, d time.Duration) { r.shard[uint(key)%shards].Record(d) }

// Snapshot returns the durations recorded so far. It may be called while others record.
func (r *Recorder) Snapshot() *Counts {
	c := &Counts{}
	for i := range r.shard {
		r.shard[i].addTo(c)
	}
	return c
}
