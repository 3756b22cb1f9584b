package timeline

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
)

func TestASeqGivenOutTwiceIsAResync(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", Seq: 0, First: 1}, time.Time{})
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
	s.Take()
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
	if e := s.Take(); len(e) != 1 || e[0].Kind != EffectDuplicate {
		t.Fatalf("the same entry again: %+v", e)
	}
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "b"}, time.Time{})
	if e := s.Take(); len(e) != 1 || e[0].Kind != EffectRead {
		t.Fatalf("another entry in its place: %+v", e)
	}
	s.OnPage(chat.Query{Newest: true}, chat.Page{Epoch: "e", Seq: 1, First: 1, Entries: []chat.Entry{{Seq: 1, Kind: chat.EntryMessage, ID: "b"}}}, time.Time{})
	if e := s.Take(); e[0].Kind != EffectResync {
		t.Fatalf("effects are %+v", e)
	}
}

// INV-5: a room that finds another entry in a place that it has shown has caught up once it has taken up the log
// as it is now, not with the page that tells it.
func TestAPageThatRewindsProvesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(8)
		w.append(rapid.IntRange(1, 20).Draw(t, "shown"))
		for i := range w.flight {
			w.deliver(i)
			w.carry(t)
		}
		lost := rapid.IntRange(1, len(w.log)).Draw(t, "lost")
		w.log = w.log[:len(w.log)-lost]
		w.epoch, w.seen, w.proven = "e1-later", map[string]bool{}, 0 // ids of another life of the log
		w.append(rapid.IntRange(lost, 20+lost).Draw(t, "written since"))
		w.epoch = "e1"
		w.state.Refresh()
		for w.carry(t); len(w.reads) > 0; w.carry(t) {
			w.answer(t, rapid.IntRange(0, 3).Draw(t, "fails") == 0)
			w.state.Overdue(w.state.KnownSeq)
		}
		last := w.log[len(w.log)-1]
		if at, ok := w.state.Ring.at(last.Seq); w.proven == 0 || w.state.ShownSeq != last.Seq || !ok || at.ID != last.ID {
			t.Fatalf("proven %d times, at %d with %q in the last place, want %d with %q", w.proven, w.state.ShownSeq, at.ID, last.Seq, last.ID)
		}
	})
}

func TestAppendedAgainIsAResync(t *testing.T) {
	s := New(8, 5*time.Second)
	now := time.Unix(100, 0)
	s.Opened(chat.Page{Epoch: "e", First: 1}, now)
	s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "0-a"}, now)
	s.Delivered("e", chat.Entry{Seq: 2, Kind: chat.EntryMessage, ID: "1-a"}, now.Add(4*time.Second))
	s.Delivered("e", chat.Entry{Seq: 3, Kind: chat.EntryMessage, ID: "1-b"}, now.Add(4*time.Second))
	s.OnPage(chat.Query{Newest: true}, chat.Page{Epoch: "e", Seq: 3, First: 2, Entries: []chat.Entry{{Seq: 2, Kind: chat.EntryMessage, ID: "1-a"}, {Seq: 3, Kind: chat.EntryMessage, ID: "1-b"}}}, now)
	var got []effectKind
	for _, e := range s.Take() {
		got = append(got, e.Kind)
	}
	if !slices.Equal(got, []effectKind{EffectCaughtUp, EffectFlushWaiting, EffectShow, EffectFlushWaiting, EffectRead, EffectResync, EffectRewound, EffectFlushWaiting, EffectCaughtUp}) || s.ShownSeq != 3 {
		t.Fatalf("effects are %v", got)
	}
}

// A room that must rewind shows nothing until it has taken up the log as it is now: not what it held, which a failover
// may have lost, as here 3 (INV-2).
func TestARewoundRoomShowsNothing(t *testing.T) {
	entry := func(seq uint64, id string) chat.Entry { return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: id} }
	for name, page := range map[string][]chat.Entry{
		"a hole":                  {entry(1, "1"), entry(2, "2"), entry(4, "4")},
		"an unknown place":        {entry(1, "1"), entry(2, "2"), {Seq: 3, Kind: chat.EntryDelete}, entry(4, "4")},
		"another one, seen above": {entry(1, "1"), entry(2, "2"), entry(3, "1"), entry(4, "4")},
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
				switch e.Kind {
				case EffectShow:
					got = append(got, e.Entry.ID)
				case EffectRead:
					got = append(got, "read")
				}
			}
			if !slices.Equal(got, []string{"2", "read"}) {
				t.Errorf("the room does %v, want it to show 2 and read the newest", got)
			}
		})
	}
}
