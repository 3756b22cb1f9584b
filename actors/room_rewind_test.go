package actors

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestASeqGivenOutTwiceIsAResync(t *testing.T) {
	s := newRoomState(8, time.Second)
	s.opened(Page{Epoch: "e", Seq: 0, First: 1}, time.Time{})
	s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "a"}, time.Time{})
	s.take()
	s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "a"}, time.Time{})
	if e := s.take(); len(e) != 1 || e[0].kind != effectDouble {
		t.Fatalf("the same entry again: %+v", e)
	}
	s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "b"}, time.Time{})
	if e := s.take(); len(e) != 1 || e[0].kind != effectRead {
		t.Fatalf("another entry in its place: %+v", e)
	}
	s.paged(Query{Newest: true}, Page{Epoch: "e", Seq: 1, First: 1, Entries: []Entry{{Seq: 1, Kind: KindMessage, ID: "b"}}}, time.Time{})
	if e := s.take(); e[0].kind != effectResync {
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
		w.state.stale()
		for w.carry(t); len(w.reads) > 0; w.carry(t) {
			w.answer(t, rapid.IntRange(0, 3).Draw(t, "fails") == 0)
			w.state.overdue(w.state.known)
		}
		last := w.log[len(w.log)-1]
		if at, ok := w.state.ring.at(last.Seq); w.proven == 0 || w.state.last != last.Seq || !ok || at.ID != last.ID {
			t.Fatalf("proven %d times, at %d with %q in the last place, want %d with %q", w.proven, w.state.last, at.ID, last.Seq, last.ID)
		}
	})
}

func TestAppendedAgainIsAResync(t *testing.T) {
	s := newRoomState(8, 5*time.Second)
	now := time.Unix(100, 0)
	s.opened(Page{Epoch: "e", First: 1}, now)
	s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "0-a"}, now)
	s.delivered("e", Entry{Seq: 2, Kind: KindMessage, ID: "1-a"}, now.Add(4*time.Second))
	s.delivered("e", Entry{Seq: 3, Kind: KindMessage, ID: "1-b"}, now.Add(4*time.Second))
	s.paged(Query{Newest: true}, Page{Epoch: "e", Seq: 3, First: 2, Entries: []Entry{{Seq: 2, Kind: KindMessage, ID: "1-a"}, {Seq: 3, Kind: KindMessage, ID: "1-b"}}}, now)
	var got []effectKind
	for _, e := range s.take() {
		got = append(got, e.kind)
	}
	if !slices.Equal(got, []effectKind{effectProven, effectCatchUp, effectShow, effectCatchUp, effectRead, effectResync, effectRewound, effectCatchUp, effectProven}) || s.last != 3 {
		t.Fatalf("effects are %v", got)
	}
}

// A room that must rewind shows nothing until it has taken up the log as it is now: not what it held, which a failover
// may have lost, as here 3 (INV-2).
func TestARewoundRoomShowsNothing(t *testing.T) {
	entry := func(seq uint64, id string) Entry { return Entry{Seq: seq, Kind: KindMessage, ID: id} }
	for name, page := range map[string][]Entry{
		"a hole":                  {entry(1, "1"), entry(2, "2"), entry(4, "4")},
		"an unknown place":        {entry(1, "1"), entry(2, "2"), {Seq: 3, Kind: KindDelete}, entry(4, "4")},
		"another one, seen above": {entry(1, "1"), entry(2, "2"), entry(3, "1"), entry(4, "4")},
	} {
		t.Run(name, func(t *testing.T) {
			s := newRoomState(8, time.Second)
			s.opened(Page{Epoch: "e", First: 1}, time.Time{})
			s.delivered("e", entry(1, "1"), time.Time{})
			s.delivered("e", entry(3, "lost"), time.Time{})
			s.take()
			s.paged(Query{}, Page{Epoch: "e", Seq: 4, First: 1, Entries: page}, time.Time{})
			var got []string
			for _, e := range s.take() {
				switch e.kind {
				case effectShow:
					got = append(got, e.entry.ID)
				case effectRead:
					got = append(got, "read")
				}
			}
			if !slices.Equal(got, []string{"2", "read"}) {
				t.Errorf("the room does %v, want it to show 2 and read the newest", got)
			}
		})
	}
}
