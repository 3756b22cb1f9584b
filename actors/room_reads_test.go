package actors

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/wire"
)

// A history request is answered with what was acknowledged before it, and is not held up by what others
// go on writing: here every delivery comes 200 ms late, so something is always on its way.
func TestHistoryDoesNotWaitForTheWritersToPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.drop = func(d Delivered) bool {
			time.AfterFunc(200*time.Millisecond, func() { r.bus.sink(&d) })
			return true
		}
		writer, reader := r.connect(Arrival{Identity: asMember("ann")}), r.connect(Arrival{Identity: asMember("bob")})
		synctest.Wait()
		const asked = 10
		for i := range 2 * asked {
			writer.do(wire.Command{Type: wire.SendMessage, Message: fmt.Sprint(i)})
			synctest.Wait()
			if i+1 == asked {
				reader.do(wire.Command{Type: wire.History, ID: "h"})
			}
			pause(50 * time.Millisecond)
		}
		pages := reader.of("message_history") // the first came with the join
		if len(pages) != 2 || pages[1].ID != "h" || pages[1].Seq < asked || pages[1].Seq > asked+5 {
			t.Fatalf("%d history pages: %v", len(pages), pages)
		}
		pause(time.Second)
	})
}

// A read of the log that fails is made again, though nothing newer is known: it was to find out.
func TestFailedReadIsMadeAgain(t *testing.T) {
	for name, begin := range map[string]func(*roomState){
		"after a subscription":     func(s *roomState) { s.stale() },
		"of another epoch":         func(s *roomState) { s.delivered("f", Entry{Seq: 1, Kind: KindMessage, ID: "x"}, time.Time{}) },
		"of a log that went back":  func(s *roomState) { s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "x"}, time.Time{}) },
		"that was overdue already": func(s *roomState) { s.overdue(2) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newRoomState(8, time.Second)
			s.opened(Page{Epoch: "e", First: 1}, time.Time{})
			s.delivered("e", Entry{Seq: 1, Kind: KindMessage, ID: "a"}, time.Time{})
			s.take()
			begin(s)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads of the log to begin with", got)
			}
			s.failed()
			s.overdue(s.known)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads after one that failed", got)
			}
		})
	}
}

func reads(s *roomState) (n int) {
	for _, e := range s.take() {
		if e.kind == effectRead {
			n++
		}
	}
	return n
}

// What an append's receipt says exists is awaited from the bus, and read from the log only once overdue.
func TestEvidenceIsNoReasonToReadWhatTheBusBrings(t *testing.T) {
	s := newRoomState(8, time.Second)
	s.opened(Page{Epoch: "e", First: 1}, time.Time{})
	s.exists("e", 3)
	for seq := range uint64(3) {
		s.delivered("e", Entry{Seq: seq + 1, Kind: KindMessage, ID: fmt.Sprint(seq)}, time.Time{})
	}
	if got := reads(s); got != 0 || s.last != 3 {
		t.Fatalf("%d reads of the log on the way to %d", got, s.last)
	}
	s.exists("e", 4)
	s.overdue(4)
	if got := reads(s); got != 1 {
		t.Fatalf("%d reads of what is overdue", got)
	}
}

// A failover has lost the last entry that was shown, and another one stands in its place: nothing after it tells.
func TestAnotherEntryInTheLastPlaceIsAResync(t *testing.T) {
	s := newRoomState(8, time.Second)
	entry := func(seq uint64, id string) Entry { return Entry{Seq: seq, Kind: KindMessage, ID: id} }
	s.opened(Page{Epoch: "e", First: 1}, time.Time{})
	s.delivered("e", entry(1, "1"), time.Time{})
	s.delivered("e", entry(2, "lost"), time.Time{})
	s.take()
	s.stale()
	e := s.take()
	if len(e) != 1 || e[0].kind != effectRead || e[0].query.After != 1 {
		t.Fatalf("effects are %+v", e)
	}
	s.paged(e[0].query, Page{Epoch: "e", Seq: 2, First: 1, Entries: []Entry{entry(2, "other")}}, time.Time{})
	e = s.take()
	if len(e) == 0 || e[0].kind != effectRead || !e[0].query.Newest {
		t.Fatalf("effects are %+v", e)
	}
	s.paged(e[0].query, Page{Epoch: "e", Seq: 2, First: 1, Entries: []Entry{entry(1, "1"), entry(2, "other")}}, time.Time{})
	if e = s.take(); e[0].kind != effectResync {
		t.Fatalf("effects are %+v", e)
	}
}
