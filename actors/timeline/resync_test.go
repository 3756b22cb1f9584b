package timeline

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
)

func TestReassignedSeqCausesResync(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 0, First: 1}, time.Time{})
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
	s.Take()
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
	if e := s.Take(); len(e) != 1 || e[0].Kind != EffectDuplicate {
		t.Fatalf("effects of the same entry: %+v", e)
	}
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "b"}, time.Time{})
	if e := s.Take(); len(e) != 1 || e[0].Kind != EffectRead {
		t.Fatalf("effects of another entry with the same seq: %+v", e)
	}
	s.OnPage(chat.Query{Newest: true}, chat.Page{Epoch: "e", Seq: 1, First: 1, Entries: []chat.Entry{{Seq: 1, Kind: chat.EntryMessage, ID: "b"}}}, time.Time{})
	if e := s.Take(); e[0].Kind != EffectResync {
		t.Fatalf("effects: %+v", e)
	}
}

// INV-5: a page that contradicts a displayed entry does not prove that the room has caught up. The newest page, which
// the timeline then adopts, does.
func TestContradictingPageProvesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		w.append(rapid.IntRange(1, 20).Draw(t, "displayed"))
		for i := range w.flight {
			w.deliver(i)
			w.apply(t)
		}
		lost := rapid.IntRange(1, len(w.log)).Draw(t, "lost")
		w.log = w.log[:len(w.log)-lost]
		w.epoch, w.seen, w.proven = "e1-later", map[string]bool{}, 0 // the ids differ from the lost ones
		w.append(rapid.IntRange(lost, 20+lost).Draw(t, "written since"))
		w.epoch = "e1"
		w.state.Refresh()
		for w.apply(t); len(w.reads) > 0; w.apply(t) {
			w.answer(t, rapid.IntRange(0, 3).Draw(t, "fails") == 0)
			w.state.Overdue(w.state.knownSeq)
		}
		last := w.log[len(w.log)-1]
		if at, ok := w.state.ring.at(last.Seq); w.proven == 0 || w.state.shownSeq != last.Seq || !ok || at.ID != last.ID {
			t.Fatalf("proven %d times, shownSeq %d, newest id %q, want seq %d, id %q", w.proven, w.state.shownSeq, at.ID, last.Seq, last.ID)
		}
	})
}

func TestReappendCausesResync(t *testing.T) {
	s := New(8, 5*time.Second)
	now := time.Unix(100, 0)
	s.Opened(chat.Page{Epoch: "e", First: 1}, now)
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "0-a"}, now)
	s.Delivered("e", chat.Entry{Seq: 2, Kind: chat.EntryMessage, ID: "1-a"}, now.Add(4*time.Second))
	s.Delivered("e", chat.Entry{Seq: 3, Kind: chat.EntryMessage, ID: "1-b"}, now.Add(4*time.Second))
	s.OnPage(chat.Query{Newest: true}, chat.Page{Epoch: "e", Seq: 3, First: 2, Entries: []chat.Entry{{Seq: 2, Kind: chat.EntryMessage, ID: "1-a"}, {Seq: 3, Kind: chat.EntryMessage, ID: "1-b"}}}, now)
	var got []EffectKind
	for _, e := range s.Take() {
		got = append(got, e.Kind)
	}
	if !slices.Equal(got, []EffectKind{EffectCaughtUp, EffectFlushWaiting, EffectShow, EffectFlushWaiting, EffectRead, EffectResync, EffectRewound, EffectFlushWaiting, EffectCaughtUp}) || s.shownSeq != 3 {
		t.Fatalf("effects: %v", got)
	}
}

// INV-2: during a resync the timeline displays nothing before it has adopted the newest page. Buffered entries, such
// as seq 3 here, may have been lost in a failover.
func TestResyncShowsNothing(t *testing.T) {
	entry := func(seq uint64, id string) chat.Entry { return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: id} }
	for name, page := range map[string][]chat.Entry{
		"gap":                            {entry(1, "1"), entry(2, "2"), entry(4, "4")},
		"missing entry":                  {entry(1, "1"), entry(2, "2"), {Seq: 3, Kind: chat.EntryDelete}, entry(4, "4")},
		"entry displayed at another seq": {entry(1, "1"), entry(2, "2"), entry(3, "1"), entry(4, "4")},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(8, time.Second)
			s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
			s.Delivered("e", entry(1, "1"), time.Time{})
			s.Delivered("e", entry(3, "lost"), time.Time{})
			s.Take()
			s.OnPage(chat.Query{}, chat.Page{Epoch: "e", Seq: 4, First: 1, Entries: page}, time.Time{})
			var got []string
			for _, e := range s.Take() {
				if e.Kind == EffectShow {
					got = append(got, e.Entry.ID)
				}
				if e.Kind == EffectRead {
					got = append(got, "read")
				}
			}
			if !slices.Equal(got, []string{"2", "read"}) {
				t.Errorf("effects %v, want entry 2 and a read of the newest page", got)
			}
		})
	}
}
