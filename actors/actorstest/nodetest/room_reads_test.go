package nodetest

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// The answer to a history request contains all entries acknowledged before it, and does not wait for later writes.
// Each delivery is delayed by 200 ms, so writes are always in flight.
func TestHistoryDoesNotWaitForWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		defer r.stop()
		r.bus.Drop = func(d chat.Delivered) bool {
			time.AfterFunc(200*time.Millisecond, func() { r.bus.Sink(&d) })
			return true
		}
		writer, reader := r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("ann")}), r.connect(chat.ConnectRequest{Identity: actorstest.AsMember("bob")})
		synctest.Wait()
		const before = 10 // writes before the request
		for i := range 2 * before {
			writer.do(wire.Command{Type: wire.SendMessage, Message: fmt.Sprint(i)})
			synctest.Wait()
			if i+1 == before {
				reader.do(wire.Command{Type: wire.History, ID: "h"})
			}
			actorstest.Pause(50 * time.Millisecond)
		}
		pages := reader.framesOfType("message_history") // the first belongs to the join
		if len(pages) != 2 || pages[1].ID != "h" || pages[1].Seq < before || pages[1].Seq > before+5 {
			t.Fatalf("%d history frames, want 2, the second with seq 10 to 15: %v", len(pages), pages)
		}
		actorstest.Pause(time.Second)
	})
}

// A read of the log that fails is made again, though nothing newer is known: it was to find out.
func TestFailedReadIsMadeAgain(t *testing.T) {
	for name, begin := range map[string]func(*timeline.Timeline){
		"after a subscription": func(s *timeline.Timeline) { s.Refresh() },
		"of another epoch": func(s *timeline.Timeline) {
			s.Delivered("f", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "x"}, time.Time{})
		},
		"of a log that went back": func(s *timeline.Timeline) {
			s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "x"}, time.Time{})
		},
		"that was overdue already": func(s *timeline.Timeline) { s.Overdue(2) },
	} {
		t.Run(name, func(t *testing.T) {
			s := timeline.New(8, time.Second)
			s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
			s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
			s.Take()
			begin(s)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads of the log to begin with", got)
			}
			s.Failed()
			s.Overdue(s.KnownSeq)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads after one that failed", got)
			}
		})
	}
}

func reads(s *timeline.Timeline) (n int) {
	for _, e := range s.Take() {
		if e.Kind == timeline.EffectRead {
			n++
		}
	}
	return n
}

// What an append's receipt says exists is awaited from the bus, and read from the log only once overdue.
func TestEvidenceIsNoReasonToReadWhatTheBusBrings(t *testing.T) {
	s := timeline.New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
	s.Observe("e", 3)
	for seq := range uint64(3) {
		s.Delivered("e", chat.Entry{Seq: seq + 1, Kind: chat.EntryMessage, ID: fmt.Sprint(seq)}, time.Time{})
	}
	if got := reads(s); got != 0 || s.ShownSeq != 3 {
		t.Fatalf("%d reads of the log on the way to %d", got, s.ShownSeq)
	}
	s.Observe("e", 4)
	s.Overdue(4)
	if got := reads(s); got != 1 {
		t.Fatalf("%d reads of what is overdue", got)
	}
}

// A failover has lost the last entry that was shown, and another one stands in its place: nothing after it tells.
func TestAnotherEntryInTheLastPlaceIsAResync(t *testing.T) {
	s := timeline.New(8, time.Second)
	entry := func(seq uint64, id string) chat.Entry { return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: id} }
	s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
	s.Delivered("e", entry(1, "1"), time.Time{})
	s.Delivered("e", entry(2, "lost"), time.Time{})
	s.Take()
	s.Refresh()
	e := s.Take()
	if len(e) != 1 || e[0].Kind != timeline.EffectRead || e[0].Query.After != 1 {
		t.Fatalf("effects are %+v", e)
	}
	s.OnPage(e[0].Query, chat.Page{Epoch: "e", Seq: 2, First: 1, Entries: []chat.Entry{entry(2, "other")}}, time.Time{})
	e = s.Take()
	if len(e) == 0 || e[0].Kind != timeline.EffectRead || !e[0].Query.Newest {
		t.Fatalf("effects are %+v", e)
	}
	s.OnPage(e[0].Query, chat.Page{Epoch: "e", Seq: 2, First: 1, Entries: []chat.Entry{entry(1, "1"), entry(2, "other")}}, time.Time{})
	if e = s.Take(); e[0].Kind != timeline.EffectResync {
		t.Fatalf("effects are %+v", e)
	}
}
