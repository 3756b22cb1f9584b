package bustest

import (
	"sync"
	"time"

	"chatnode/actors/chat"
)

// A recorder is a subscriber's sink that remembers everything heard.
type recorder struct {
	mu        sync.Mutex
	changed   chan struct{} // closed and replaced with every event
	delivered map[string][]chat.Delivered
	signals   []chat.Signal
}

func newRecorder() *recorder {
	return &recorder{changed: make(chan struct{}), delivered: map[string][]chat.Delivered{}}
}

// hear is the sink.
func (h *recorder) hear(e chat.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := e.(type) {
	case *chat.Delivered:
		h.delivered[e.Room] = append(h.delivered[e.Room], *e)
	case chat.Signal:
		h.signals = append(h.signals, e)
	}
	close(h.changed)
	h.changed = make(chan struct{})
}

// until waits until ok, which may read the recorder, is true.
func (h *recorder) until(t testingT, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(waitTimeout)
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
			t.Fatalf("waited %v for %s", waitTimeout, what)
		}
	}
}

// entries waits until the room's entry of seq last was heard and returns all heard of the room.
func (h *recorder) entries(t testingT, room string, last uint64) []chat.Entry {
	t.Helper()
	var got []chat.Entry
	h.until(t, "the newest entry of "+room, func() bool {
		all := h.delivered[room]
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
