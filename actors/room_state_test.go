package actors

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/wire"
)

// world is a room's log, and what is on its way from it to one roomState.
type world struct {
	log    []Entry
	epoch  string
	state  *roomState
	flight []Delivered // published, not yet delivered or lost
	reads  []Query     // asked for, not yet answered
	shown  []Entry
	resync int
	proven int
	now    time.Time
	places map[uint64]string // what was shown where, in this epoch
	seen   map[string]bool   // message ids shown
}

func newWorld(recent int) *world {
	w := &world{epoch: "e1", state: newRoomState(recent, 5*time.Second), now: time.Unix(1000, 0), places: map[uint64]string{}, seen: map[string]bool{}}
	w.state.opened(pageOf(w.epoch, nil, Query{Newest: true, Limit: recent}), w.now)
	return w
}

func (w *world) append(n int) {
	for range n {
		seq := uint64(len(w.log)) + 1
		id := fmt.Sprintf("%s-%d", w.epoch, seq)
		e := Entry{Seq: seq, Kind: KindMessage, ID: id, Message: wire.Message{ID: id, Text: id}}
		w.log = append(w.log, e)
		w.flight = append(w.flight, Delivered{Epoch: w.epoch, Entry: e})
	}
}

// carry carries the effects out and checks the order as it is shown.
func (w *world) carry(t *rapid.T) {
	for _, e := range w.state.take() {
		switch e.kind {
		case effectShow:
			w.show(t, e)
		case effectRead:
			w.reads = append(w.reads, e.query)
		case effectResync:
			w.resync++
		case effectProven:
			w.proven++
			if w.state.rewound {
				t.Fatalf("caught up with a log that it has yet to take up")
			}
		}
	}
	if len(w.reads) > 1 {
		t.Fatalf("%d reads of the log at once", len(w.reads))
	}
	if len(w.state.held) > maxHeld {
		t.Fatalf("%d entries held", len(w.state.held))
	}
}

func (w *world) show(t *rapid.T, e effect) {
	if n := len(w.shown); n > 0 && e.entry.Seq != w.shown[n-1].Seq+1 && w.resync == 0 {
		t.Fatalf("seq %d was shown after %d without a resync", e.entry.Seq, w.shown[n-1].Seq)
	}
	if w.seen[e.entry.ID] {
		t.Fatalf("message %s was shown twice", e.entry.ID)
	}
	w.seen[e.entry.ID] = true
	w.shown = append(w.shown, e.entry)
}

func (w *world) deliver(i int) {
	d := w.flight[i]
	w.state.delivered(d.Epoch, d.Entry, w.now)
}

func (w *world) answer(t *rapid.T, fail bool) {
	q := w.reads[0]
	w.reads = w.reads[1:]
	if fail {
		w.state.failed()
	} else {
		w.state.paged(q, pageOf(w.epoch, w.log, q), w.now)
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
	w.state.exists(w.epoch, last)
	for range 200 {
		w.carry(t)
		if len(w.reads) == 0 {
			w.state.overdue(last)
			w.carry(t)
		}
		if len(w.reads) == 0 {
			return
		}
		w.answer(t, false)
	}
	t.Fatalf("the room does not stop reading: last %d, known %d", w.state.last, w.state.known)
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
		if w.state.epoch != "e2" || w.state.last != w.log[len(w.log)-1].Seq || w.resync != 1 {
			t.Fatalf("at %v after %d resyncs, the log is at %d", w.state.at(), w.resync, len(w.log))
		}
	})
}

func TestLogThatLetGoIsAResync(t *testing.T) {
	s := newRoomState(8, time.Second)
	s.opened(Page{Epoch: "e", Seq: 10, First: 1}, time.Time{})
	s.take()
	s.delivered("e", Entry{Seq: 50, Kind: KindMessage, ID: "50"}, time.Time{})
	if e := s.take(); len(e) != 2 || e[1].kind != effectRead || e[1].query.After != 9 {
		t.Fatalf("effects are %+v", e)
	}
	s.paged(Query{After: 9}, Page{Epoch: "e", Seq: 50, First: 49, Entries: []Entry{{Seq: 49, Kind: KindMessage, ID: "49"}, {Seq: 50, Kind: KindMessage, ID: "50"}}}, time.Time{})
	e := s.take()
	if len(e) != 5 || e[0].kind != effectResync || e[1].entry.Seq != 49 || e[2].entry.Seq != 50 || e[3].kind != effectProven || s.last != 50 {
		t.Fatalf("effects are %+v", e)
	}
}

// A failover has lost 3, which nobody here was shown, and its place is not given out again: whoever reloads
// finds what is before the hole as well as what is behind it (INV-2).
func TestHoleInTheLogIsAResyncWithAllAroundIt(t *testing.T) {
	s := newRoomState(8, time.Second)
	log := []Entry{{Seq: 1, Kind: KindMessage, ID: "1"}, {Seq: 2, Kind: KindMessage, ID: "2"}, {Seq: 4, Kind: KindMessage, ID: "4"}}
	s.opened(Page{Epoch: "e", Seq: 2, First: 1, Entries: log[:2]}, time.Time{})
	s.take()
	s.delivered("e", log[2], time.Time{})
	resyncs := 0
	for effects := s.take(); len(effects) > 0; effects = s.take() {
		for _, e := range effects {
			switch {
			case e.kind == effectResync:
				resyncs++
			case e.kind == effectRead && e.query.Newest:
				s.paged(e.query, Page{Epoch: "e", Seq: 4, First: 1, Entries: log}, time.Time{})
			case e.kind == effectRead:
				s.paged(e.query, Page{Epoch: "e", Seq: 4, First: 1, Entries: log[2:]}, time.Time{})
			}
		}
	}
	if data := s.ring.tail(8); resyncs != 1 || s.last != 4 || s.reading || len(data) != 3 {
		t.Fatalf("%d resyncs, at %d, reading %v, the history is %+v", resyncs, s.last, s.reading, data)
	}
}

func TestLogThatLostItsTailEndsTheWait(t *testing.T) {
	s := newRoomState(8, time.Second)
	s.opened(Page{Epoch: "e", Seq: 3, First: 1}, time.Time{})
	s.delivered("e", Entry{Seq: 9, Kind: KindMessage, ID: "9"}, time.Time{})
	reads := 0
	for range 10 {
		for _, e := range s.take() {
			if e.kind == effectRead {
				reads++
				s.paged(e.query, Page{Epoch: "e", Seq: 3, First: 1}, time.Time{})
			}
		}
	}
	if reads != 2 || len(s.held) != 0 || s.known != 3 {
		t.Fatalf("%d reads, %d held, known %d", reads, len(s.held), s.known)
	}
}

func BenchmarkRoomApply(b *testing.B) {
	s := newRoomState(256, 5*time.Second)
	s.opened(Page{Epoch: "e", First: 1}, time.Time{})
	e := Entry{Kind: KindMessage, Message: wire.Message{Text: "hello"}}
	now := time.Unix(1, 0)
	b.ReportAllocs()
	for b.Loop() {
		e.Seq++
		e.ID = fmt.Sprint(e.Seq & 1023)
		now = now.Add(time.Millisecond)
		s.delivered("e", e, now)
		s.take()
	}
}

// A read that was under way when the subscription came to stand may have looked before that: it proves
// nothing, and another one follows it (INV-2, INV-5).
func TestAnOldReadIsNoCatchingUp(t *testing.T) {
	s := newRoomState(8, time.Second)
	s.opened(Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	s.stale()
	s.stale()
	s.take()
	has := func(k effectKind) bool {
		return slices.ContainsFunc(s.take(), func(e effect) bool { return e.kind == k })
	}
	s.paged(Query{After: 1}, Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if !s.reading || has(effectProven) {
		t.Error("the old read counts")
	}
	s.paged(Query{After: 1}, Page{Epoch: "e", Seq: 1, First: 1}, time.Time{})
	if s.reading || !has(effectProven) {
		t.Error("the new read does not count")
	}
}
