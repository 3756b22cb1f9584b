package timeline

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// A failed read is repeated even if no newer seq is known.
func TestFailedReadIsRepeated(t *testing.T) {
	for name, begin := range map[string]func(*Timeline){
		"after a subscription": func(s *Timeline) { s.Refresh() },
		"of another epoch": func(s *Timeline) {
			s.Delivered("f", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "x"}, time.Time{})
		},
		"of a log with another entry": func(s *Timeline) {
			s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "x"}, time.Time{})
		},
		"of an overdue seq": func(s *Timeline) { s.Overdue(2) },
	} {
		t.Run(name, func(t *testing.T) {
			s := New(8, time.Second)
			s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
			s.Delivered("e", chat.Entry{Seq: 1, Kind: chat.EntryMessage, ID: "a"}, time.Time{})
			s.Take()
			begin(s)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads, want 1", got)
			}
			s.Failed()
			s.Overdue(s.knownSeq)
			if got := reads(s); got != 1 {
				t.Fatalf("%d reads after a failure, want 1", got)
			}
		})
	}
}

// reads takes the effects and counts the reads of the log.
func reads(s *Timeline) (n int) {
	for _, e := range s.Take() {
		if e.Kind == EffectRead {
			n++
		}
	}
	return n
}

// An entry that a receipt reports is expected from the bus, and read from the log only if it is overdue.
func TestObservedSeqIsReadWhenOverdue(t *testing.T) {
	s := New(8, time.Second)
	s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
	s.Observe("e", 3)
	for seq := range uint64(3) {
		s.Delivered("e", chat.Entry{Seq: seq + 1, Kind: chat.EntryMessage, ID: fmt.Sprint(seq)}, time.Time{})
	}
	if got := reads(s); got != 0 || s.shownSeq != 3 {
		t.Fatalf("%d reads before shownSeq %d, want 0", got, s.shownSeq)
	}
	s.Observe("e", 4)
	s.Overdue(4)
	if got := reads(s); got != 1 {
		t.Fatalf("%d reads of an overdue entry, want 1", got)
	}
}

// After a failover another entry may have the last displayed seq, and no entry follows it.
func TestReplacedLastEntryCausesResync(t *testing.T) {
	s := New(8, time.Second)
	entry := func(seq uint64, id string) chat.Entry { return chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: id} }
	s.Opened(chat.Page{Epoch: "e", First: 1}, time.Time{})
	s.Delivered("e", entry(1, "1"), time.Time{})
	s.Delivered("e", entry(2, "lost"), time.Time{})
	s.Take()
	s.Refresh()
	e := s.Take()
	if len(e) != 1 || e[0].Kind != EffectRead || e[0].Query.After != 1 {
		t.Fatalf("effects: %+v", e)
	}
	s.OnPage(e[0].Query, chat.Page{Epoch: "e", Seq: 2, First: 1, Entries: []chat.Entry{entry(2, "other")}}, time.Time{})
	e = s.Take()
	if len(e) == 0 || e[0].Kind != EffectRead || !e[0].Query.Newest {
		t.Fatalf("effects: %+v", e)
	}
	s.OnPage(e[0].Query, chat.Page{Epoch: "e", Seq: 2, First: 1, Entries: []chat.Entry{entry(1, "1"), entry(2, "other")}}, time.Time{})
	if e = s.Take(); e[0].Kind != EffectResync {
		t.Fatalf("effects: %+v", e)
	}
}
