package bustest

import (
	"sync"
	"time"

	"chatnode/actors/chat"
)

// recorder is a sink that records all events.
type recorder struct {
	mu        sync.Mutex
	changed   chan struct{} // closed and replaced by every event; guarded by mu, as are the fields below
	delivered map[string][]chat.Delivered
	signals   []chat.Signal
}

func newRecorder() *recorder {
	return &recorder{changed: make(chan struct{}), delivered: map[string][]chat.Delivered{}}
}

// record is the sink.
func (r *recorder) record(e chat.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := e.(type) {
	case *chat.Delivered:
		r.delivered[e.Room] = append(r.delivered[e.Room], *e)
	case chat.Signal:
		r.signals = append(r.signals, e)
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// until waits until ok returns true. ok may read the recorder.
func (r *recorder) until(t testingT, condition string, ok func() bool) {
	t.Helper()
	deadline := time.After(waitTimeout)
	for {
		r.mu.Lock()
		done, changed := ok(), r.changed
		r.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("not within %v: %s", waitTimeout, condition)
		}
	}
}

// entries waits until the entry with seq last was received. It returns all received entries of the room.
func (r *recorder) entries(t testingT, room string, last uint64) []chat.Entry {
	t.Helper()
	var got []chat.Entry
	r.until(t, "the newest entry of "+room, func() bool {
		all := r.delivered[room]
		if len(all) == 0 || all[len(all)-1].Entry.Seq < last {
			return false
		}
		got = make([]chat.Entry, len(all))
		for i, d := range all {
			got[i] = d.Entry
		}
		return true
	})
	return got
}
