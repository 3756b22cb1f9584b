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

// world is a room's log, and what is on its way from it to one roomState.
type world struct {
	log    []chat.Entry
	epoch  string
	state  *Timeline
	flight []chat.Delivered // published, not yet delivered or lost
	reads  []chat.Query     // asked for, not yet answered
	shown  []chat.Entry
	resync int
	proven int
	now    time.Time
	places map[uint64]string // what was shown where, in this epoch
	seen   map[string]bool   // message ids shown
}

func newWorld(recent int) *world {
	w := &world{epoch: "e1", state: New(recent, 5*time.Second), now: time.Unix(1000, 0), places: map[uint64]string{}, seen: map[string]bool{}}
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

// carry carries the effects out and checks the order as it is shown.
func (w *world) carry(t *rapid.T) {
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
				t.Fatalf("caught up with a log that it has yet to take up")
			}
		}
	}
	if len(w.reads) > 1 {
		t.Fatalf("%d reads of the log at once", len(w.reads))
	}
	if len(w.state.buffered) > maxHeld {
		t.Fatalf("%d entries held", len(w.state.buffered))
	}
}

func (w *world) show(t *rapid.T, e Effect) {
	if n := len(w.shown); n > 0 && e.Entry.Seq != w.shown[n-1].Seq+1 && w.resync == 0 {
		t.Fatalf("seq %d was shown after %d without a resync", e.Entry.Seq, w.shown[n-1].Seq)
	}
	if w.seen[e.Entry.ID] {
		t.Fatalf("message %s was shown twice", e.Entry.ID)
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
	w.carry(t)
}

// INV-2: whatever is dropped, doubled, delayed or reordered on the way, the room shows every entry of
// the log once and in its place, as soon as it hears of a later one.
func TestRoomShowsTheLogInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			w.now = w.now.Add(time.Millisecond)
			switch op := rapid.IntRange(0, 9).Draw(t, "op"); {
			case op < 4:
				w.append(rapid.IntRange(1, 5).Draw(t, "appended"))
			case op < 8 && len(w.flight) > 0:
				i := rapid.IntRange(0, len(w.flight)-1).Draw(t, "which")
				w.deliver(i)
				if rapid.Bool().Draw(t, "once") {
					w.flight = append(w.flight[:i], w.flight[i+1:]...)
				}
			case op == 8 && len(w.flight) > 0:
				i := rapid.IntRange(0, len(w.flight)-1).Draw(t, "lost")
				w.flight = append(w.flight[:i], w.flight[i+1:]...)
			case len(w.reads) > 0:
				w.answer(t, rapid.Bool().Draw(t, "fails"))
			}
			w.carry(t)
		}
		w.settle(t)
		if len(w.shown) != len(w.log) || w.resync != 0 {
			t.Fatalf("%d of %d entries shown, %d resyncs", len(w.shown), len(w.log), w.resync)
		}
	})
}

// settle lets the log answer everything, after one last append has been heard of.
func (w *world) settle(t *rapid.T) {
	w.append(1)
	last := w.log[len(w.log)-1].Seq
	w.state.Observe(w.epoch, last)
	for range 200 {
		w.carry(t)
		if len(w.reads) == 0 {
			w.state.Overdue(last)
			w.carry(t)
		}
		if len(w.reads) == 0 {
			return
		}
		w.answer(t, false)
	}
	t.Fatalf("the room does not stop reading: last %d, known %d", w.state.ShownSeq, w.state.KnownSeq)
}

func TestNewEpochIsAResyncAndGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		w.append(rapid.IntRange(0, 20).Draw(t, "before"))
		for i := range w.flight {
			w.deliver(i)
			w.carry(t)
		}
		w.epoch, w.log, w.flight, w.shown = "e2", nil, nil, nil
		w.append(rapid.IntRange(1, 20).Draw(t, "after"))
		w.deliver(rapid.IntRange(0, len(w.flight)-1).Draw(t, "heard"))
		w.carry(t)
		w.settle(t)
		if w.state.Epoch != "e2" || w.state.ShownSeq != w.log[len(w.log)-1].Seq || w.resync != 1 {
			t.Fatalf("at %v after %d resyncs, the log is at %d", w.state.At(), w.resync, len(w.log))
		}
	})
}

func TestLogThatLetGoIsAResync(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 10, First: 1}, time.Time{})
	s.Take()
	s.Delivered("e", chat.Entry{Seq: 50, Kind: chat.EntryMessage, ID: "50"}, time.Time{})
	if e := s.Take(); len(e) != 2 || e[1].Kind != EffectRead || e[1].Query.After != 9 {
		t.Fatalf("effects are %+v", e)
	}
	s.OnPage(chat.Query{After: 9}, chat.Page{Epoch: "e", Seq: 50, First: 49, Entries: []chat.Entry{{Seq: 49, Kind: chat.EntryMessage, ID: "49"}, {Seq: 50, Kind: chat.EntryMessage, ID: "50"}}}, time.Time{})
	e := s.Take()
	if len(e) != 5 || e[0].Kind != EffectResync || e[1].Entry.Seq != 49 || e[2].Entry.Seq != 50 || e[3].Kind != EffectCaughtUp || s.ShownSeq != 50 {
		t.Fatalf("effects are %+v", e)
	}
}

// A failover has lost 3, which nobody here was shown, and its place is not given out again: whoever reloads
// finds what is before the hole as well as what is behind it (INV-2).
func TestHoleInTheLogIsAResyncWithAllAroundIt(t *testing.T) {
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
	if data := s.Ring.Tail(8); resyncs != 1 || s.ShownSeq != 4 || s.reading || len(data) != 3 {
		t.Fatalf("%d resyncs, at %d, reading %v, the history is %+v", resyncs, s.ShownSeq, s.reading, data)
	}
}

func TestLogThatLostItsTailEndsTheWait(t *testing.T) {
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
	if reads != 2 || len(s.buffered) != 0 || s.KnownSeq != 3 {
		t.Fatalf("%d reads, %d held, known %d", reads, len(s.buffered), s.KnownSeq)
	}
}

func BenchmarkRoomApply(b *testing.B) {
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

// A read that was under way when the subscription came to stand may have looked before that: it proves
// nothing, and another one follows it (INV-2, INV-5).
func TestAnOldReadIsNoCatchingUp(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	s.Refresh()
	s.Refresh()
	s.Take()
	has := func(k effectKind) bool {
		return slices.ContainsFunc(s.Take(), func(e Effect) bool { return e.Kind == k })
	}
	s.OnPage(chat.Query{After: 1}, chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if !s.reading || has(EffectCaughtUp) {
		t.Error("the old read counts")
	}
	s.OnPage(chat.Query{After: 1}, chat.Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if s.reading || !has(EffectCaughtUp) {
		t.Error("the new read does not count")
	}
}
