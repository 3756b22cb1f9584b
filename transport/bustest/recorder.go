package bustest

import (
	"sync"
	"time"

	"chatnode/actors"
)

// A recorder is a subscriber's sink that remembers everything heard.
type recorder struct {
	mu        sync.Mutex
	changed   chan struct{} // closed and replaced with every event
	delivered map[string][]actors.Delivered
	signals   []actors.Signal
}

func newRecorder() *recorder {
	return &recorder{changed: make(chan struct{}), delivered: map[string][]actors.Delivered{}}
}

// hear is the sink.
func (h *recorder) hear(e actors.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := e.(type) {
	case *actors.Delivered:
		h.delivered[e.Room] = append(h.delivered[e.Room], *e)
	case actors.Signal:
		h.signals = append(h.signals, e)
	}
	close(h.changed)
	h.changed = make(chan struct{})
}

// until waits until ok, which may read the recorder, is true.
func (h *recorder) until(t failer, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		h.mu.Lock()
		done, changed := ok(), h.changed
		h.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// entries waits until the room's entry of seq last was heard and returns all heard of the room.
func (h *recorder) entries(t failer, room string, last uint64) []actors.Entry {
	t.Helper()
	var got []actors.Entry
	h.until(t, "the newest entry of "+room, func() bool {
		all := h.delivered[room]
		if len(all) == 0 || all[len(all)-1].Entry.Seq < last {
			return false
		}
		got = make([]actors.Entry, len(all))
		for i, d := range all {
			got[i] = d.Entry
		}
		return true
	})
	return got
}
