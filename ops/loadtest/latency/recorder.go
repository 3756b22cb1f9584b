package latency

import "time"

// shards is how many counters share the load of one Recorder.
const shards = 8

// A Recorder is a Histogram for many cores. The zero value is empty.
type Recorder struct{ shard [shards]Histogram }

// Record counts d. Callers that run at the same time should come with different keys.
func (r *Recorder) Record(key int, d time.Duration) { r.shard[uint(key)%shards].Record(d) }

// Counts is what has been recorded so far. Recording may go on meanwhile.
func (r *Recorder) Counts() *Counts {
	c := &Counts{}
	for i := range r.shard {
		r.shard[i].addTo(c)
	}
	return c
}
