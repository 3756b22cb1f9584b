package timeline

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// world is the log of a room, the events on their way from it to a Timeline, and the effects so far.
type world struct {
	log    []chat.Entry
	epoch  string
	state  *Timeline
	flight []chat.Delivered // published, and neither delivered nor lost
	reads  []chat.Query     // requested and not answered
	shown  []chat.Entry
	resync int
	proven int
	now    time.Time
	seen   map[string]bool // ids of the messages displayed
}

func newWorld(recent int) *world {
	w := &world{epoch: "e1", state: New(recent, 5*time.Second), now: time.Unix(1000, 0), seen: map[string]bool{}}
	w.state.Opened(actorstest.PageOf(w.epoch, nil, chat.Query{Newest: true, Limit: recent}), w.now)
	return w
}

func (w *world) append(n int) {
	for range n {
		seq := uint64(len(w.log)) + 1
		id := fmt.Sprintf("%s-%d", w.epoch, seq)
		e := chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: id, Message: wire.Message{ID: id, Text: id}}
		w.log = append(w.log, e)
		w.flight = append(w.flight, chat.Delivered{Epoch: w.epoch, Entry: e})
	}
}

// apply applies the effects and checks the order of the displayed entries.
func (w *world) apply(t *rapid.T) {
	for _, e := range w.state.Take() {
		switch e.Kind {
		case EffectShow:
			w.show(t, e)
		case EffectRead:
			w.reads = append(w.reads, e.Query)
		case EffectResync:
			w.resync++
		case EffectCaughtUp:
			w.proven++
			if w.state.resyncing {
				t.Fatalf("caught up before the newest page was adopted")
			}
		case EffectGap, EffectDuplicate, EffectRewound, EffectFlushWaiting:
		}
	}
	if len(w.reads) > 1 {
		t.Fatalf("%d reads in progress", len(w.reads))
	}
	if len(w.state.buffered) > maxBuffered {
		t.Fatalf("%d entries buffered", len(w.state.buffered))
	}
}

func (w *world) show(t *rapid.T, e Effect) {
	if n := len(w.shown); n > 0 && e.Entry.Seq != w.shown[n-1].Seq+1 && w.resync == 0 {
		t.Fatalf("seq %d was displayed after %d without a resync", e.Entry.Seq, w.shown[n-1].Seq)
	}
	if w.seen[e.Entry.ID] {
		t.Fatalf("message %s was displayed twice", e.Entry.ID)
	}
	w.seen[e.Entry.ID] = true
	w.shown = append(w.shown, e.Entry)
}

func (w *world) deliver(i int) {
	d := w.flight[i]
	w.state.Delivered(d.Epoch, d.Entry, w.now)
}

func (w *world) answer(t *rapid.T, fail bool) {
	q := w.reads[0]
	w.reads = w.reads[1:]
	if fail {
		w.state.Failed()
	} else {
		w.state.OnPage(q, actorstest.PageOf(w.epoch, w.log, q), w.now)
	}
	w.apply(t)
}

// INV-2: the timeline displays each entry of the log once and in order, as soon as it knows of a later one, even if
// deliveries are dropped, duplicated, delayed or reordered.
func TestTimelineShowsLogInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			w.now = w.now.Add(time.Millisecond)
			switch op := rapid.IntRange(0, 9).Draw(t, "op"); {
			case op < 4:
				w.append(rapid.IntRange(1, 5).Draw(t, "appended"))
			case op < 8 && len(w.flight) > 0:
				i := rapid.IntRange(0, len(w.flight)-1).Draw(t, "delivered")
				w.deliver(i)
				if rapid.Bool().Draw(t, "delivered once") {
					w.flight = append(w.flight[:i], w.flight[i+1:]...)
				}
			case op == 8 && len(w.flight) > 0:
				i := rapid.IntRange(0, len(w.flight)-1).Draw(t, "lost")
				w.flight = append(w.flight[:i], w.flight[i+1:]...)
			case len(w.reads) > 0:
				w.answer(t, rapid.Bool().Draw(t, "fails"))
			}
			w.apply(t)
		}
		w.finish(t)
		if len(w.shown) != len(w.log) || w.resync != 0 {
			t.Fatalf("%d of %d entries displayed, %d resyncs", len(w.shown), len(w.log), w.resync)
		}
	})
}

// finish appends and observes one entry, then answers all reads.
func (w *world) finish(t *rapid.T) {
	w.append(1)
	last := w.log[len(w.log)-1].Seq
	w.state.Observe(w.epoch, last)
	for range 200 {
		w.apply(t)
		if len(w.reads) == 0 {
			w.state.Overdue(last)
			w.apply(t)
		}
		if len(w.reads) == 0 {
			return
		}
		w.answer(t, false)
	}
	t.Fatalf("the timeline does not stop reading: shownSeq %d, knownSeq %d", w.state.shownSeq, w.state.knownSeq)
}

func TestNewEpochCausesOneResync(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		w.append(rapid.IntRange(0, 20).Draw(t, "before"))
		for i := range w.flight {
			w.deliver(i)
			w.apply(t)
		}
		w.epoch, w.log, w.flight, w.shown = "e2", nil, nil, nil
		w.append(rapid.IntRange(1, 20).Draw(t, "after"))
		w.deliver(rapid.IntRange(0, len(w.flight)-1).Draw(t, "delivered"))
		w.apply(t)
		w.finish(t)
		if w.state.epoch != "e2" || w.state.shownSeq != w.log[len(w.log)-1].Seq || w.resync != 1 {
			t.Fatalf("position %v after %d resyncs, want seq %d", w.state.Position(), w.resync, len(w.log))
		}
	})
}

func TestTrimmedLogCausesResync(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 10, First: 1}, time.Time{})
	s.Take()
	s.Delivered("e", chat.Entry{Seq: 50, Kind: chat.EntryMessage, ID: "50"}, time.Time{})
	if e := s.Take(); len(e) != 2 || e[1].Kind != EffectRead || e[1].Query.After != 9 {
		t.Fatalf("effects: %+v", e)
	}
	s.OnPage(chat.Query{After: 9}, chat.Page{Epoch: "e", Seq: 50, First: 49, Entries: []chat.Entry{{Seq: 49, Kind: chat.EntryMessage, ID: "49"}, {Seq: 50, Kind: chat.EntryMessage, ID: "50"}}}, time.Time{})
	e := s.Take()
	if len(e) != 5 || e[0].Kind != EffectResync || e[1].Entry.Seq != 49 || e[2].Entry.Seq != 50 || e[3].Kind != EffectCaughtUp || s.shownSeq != 50 {
		t.Fatalf("effects: %+v", e)
	}
}

// INV-2: a failover lost seq 3, and the log does not assign it again. Members that reload get the entries on both
// sides of the gap.
func TestGapInLogCausesResyncWithBothSides(t *testing.T) {
	s := New(8, time.Second)
	log := []chat.Entry{{Seq: 1, Kind: chat.EntryMessage, ID: "1"}, {Seq: 2, Kind: chat.EntryMessage, ID: "2"}, {Seq: 4, Kind: chat.EntryMessage, ID: "4"}}
	s.Opened(chat.Page{Epoch: "e", Seq: 2, First: 1, Entries: log[:2]}, time.Time{})
	s.Take()
	s.Delivered("e", log[2], time.Time{})
	resyncs := 0
	for effects := s.Take(); len(effects) > 0; effects = s.Take() {
		for _, e := range effects {
			switch {
			case e.Kind == EffectResync:
				resyncs++
			case e.Kind == EffectRead && e.Query.Newest:
				s.OnPage(e.Query, chat.Page{Epoch: "e", Seq: 4, First: 1, Entries: log}, time.Time{})
			case e.Kind == EffectRead:
				s.OnPage(e.Query, chat.Page{Epoch: "e", Seq: 4, First: 1, Entries: log[2:]}, time.Time{})
			}
		}
	}
	if data := s.Tail(8); resyncs != 1 || s.shownSeq != 4 || s.reading || len(data) != 3 {
		t.Fatalf("%d resyncs, shownSeq %d, reading %v, history %+v", resyncs, s.shownSeq, s.reading, data)
	}
}

func TestLostTailEndsReads(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 3, First: 1}, time.Time{})
	s.Delivered("e", chat.Entry{Seq: 9, Kind: chat.EntryMessage, ID: "9"}, time.Time{})
	reads := 0
	for range 10 {
		for _, e := range s.Take() {
			if e.Kind == EffectRead {
				reads++
				s.OnPage(e.Query, chat.Page{Epoch: "e", Seq: 3, First: 1}, time.Time{})
			}
		}
	}
	if reads != 2 || len(s.buffered) != 0 || s.knownSeq != 3 {
		t.Fatalf("%d reads, %d buffered, knownSeq %d", reads, len(s.buffered), s.knownSeq)
	}
}

func BenchmarkTimelineDelivered(b *testing.B) {
	s := New(256, 5*time.Second)
	s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
	e := chat.Entry{Kind: chat.EntryMessage, Message: wire.Message{Text: "hello"}}
	now := time.Unix(1, 0)
	b.ReportAllocs()
	for b.Loop() {
		e.Seq++
		e.ID = fmt.Sprint(e.Seq & 1023)
		now = now.Add(time.Millisecond)
		s.Delivered("e", e, now)
		s.Take()
	}
}

// INV-2, INV-5: a read that was in progress when the room was subscribed may have started before that. It proves
// nothing, and another read follows it.
func TestEarlierReadProvesNothing(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	s.Refresh()
	s.Refresh()
	s.Take()
	has := func(k EffectKind) bool {
		return slices.ContainsFunc(s.Take(), func(e Effect) bool { return e.Kind == k })
	}
	s.OnPage(chat.Query{After: 1}, chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if !s.reading || has(EffectCaughtUp) {
		t.Error("the earlier read was accepted as proof")
	}
	s.OnPage(chat.Query{After: 1}, chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if s.reading || !has(EffectCaughtUp) {
		t.Error("the later read was not accepted as proof")
	}
}
