package timeline

import (
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The ring is the newest part of a log that keeps everything, whatever is written.
func TestRingIsTheNewestPartOfTheLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 12).Draw(t, "limit")
		r, all := NewRing(limit), NewRing(1<<20)
		for seq := uint64(1); seq <= uint64(rapid.IntRange(0, 60).Draw(t, "entries")); seq++ {
			e := drawEntry(t, seq)
			r.Add(e)
			all.Add(e)
			want := all.Entries[max(0, len(all.Entries)-limit):]
			if len(r.Entries) != len(want) || (len(want) > 0 && !reflect.DeepEqual(r.Entries, want)) {
				t.Fatalf("ring holds %v, want %v", r.Entries, want)
			}
			checkNewest(t, &r, &all, seq)
		}
	})
}

func drawEntry(t *rapid.T, seq uint64) chat.Entry {
	id := fmt.Sprint(seq)
	target := fmt.Sprint(rapid.Uint64Range(1, seq).Draw(t, "target"))
	user := rapid.SampledFrom([]string{"u", "v"}).Draw(t, "user")
	switch kind := chat.EntryKind(rapid.SampledFrom([]int{1, 1, 1, 2, 3, 4}).Draw(t, "kind")); kind {
	case chat.EntryEdit:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: target, UserID: user, Text: "edited at " + id}}
	case chat.EntryDelete:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: target}}
	case chat.EntryBulkDelete:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, UserID: user}
	default:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: id, UserID: user, Text: "text"}}
	}
}

// checkNewest compares a page of the ring, where it gives one, with the page of the whole log.
func checkNewest(t *rapid.T, r, all *ring, last uint64) {
	before := rapid.Uint64Range(0, last+1).Draw(t, "before")
	limit := rapid.IntRange(1, 10).Draw(t, "page")
	data, more, ok := r.Newest(before, limit)
	if !ok {
		if r.first() <= 1 {
			t.Fatal("a ring that holds everything says that it does not reach back")
		}
		return
	}
	want, wantMore, _ := all.Newest(before, limit)
	if more != wantMore || len(data) != len(want) || (len(want) > 0 && !reflect.DeepEqual(data, want)) {
		t.Fatalf("before %d, limit %d: %v %v, want %v %v", before, limit, data, more, want, wantMore)
	}
}

// A hole that a failover has left in the log hides nothing of what is before it: the history shows both
// sides, and only a resume across it is refused.
func TestRingShowsBothSidesOfAHole(t *testing.T) {
	r := NewRing(4)
	for _, seq := range []uint64{1, 2, 3, 5, 6} {
		r.Add(chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: fmt.Sprint(seq), Message: wire.Message{ID: fmt.Sprint(seq)}})
	}
	data, more, ok := r.Newest(0, 3)
	if !ok || !more || len(data) != 3 || data[0].Seq != 3 || data[2].Seq != 6 {
		t.Fatalf("the newest three are %+v, more %v, %v", data, more, ok)
	}
	for seq, want := range map[uint64]int{4: 2, 5: 1, 6: 0} {
		if got, ok := r.After(seq, 6); !ok || len(got) != want {
			t.Errorf("after %d: %d entries, %v; want %d", seq, len(got), ok, want)
		}
	}
	if _, ok := r.After(3, 6); ok {
		t.Error("a resume across the hole is answered as if there were none")
	}
	for seq, want := range map[uint64]bool{2: false, 3: false, 4: false, 5: true, 6: true} {
		if _, ok := r.Resume(seq, 6); ok != want {
			t.Errorf("resume at %d: %v; 4 is what the hole has swallowed", seq, ok)
		}
	}
	for seq, want := range map[uint64]bool{3: false, 4: false, 5: true, 6: true, 7: false} {
		if e, ok := r.at(seq); ok != want || ok && e.Seq != seq {
			t.Errorf("at %d: %+v, %v", seq, e, ok)
		}
	}
}

func TestRingKnowsWhatItCannotResume(t *testing.T) {
	r := NewRing(4)
	for seq := uint64(1); seq <= 10; seq++ {
		r.Add(chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: fmt.Sprint(seq)})
	}
	for seq, want := range map[uint64]int{10: 0, 9: 1, 6: 4} {
		if got, ok := r.After(seq, 10); !ok || len(got) != want {
			t.Errorf("after %d: %d entries, %v; want %d", seq, len(got), ok, want)
		}
	}
	for _, seq := range []uint64{5, 0, 11} {
		if _, ok := r.After(seq, 10); ok {
			t.Errorf("after %d: the ring claims to have them all", seq)
		}
	}
}

func TestRingMovesItsArraySeldom(t *testing.T) {
	r := NewRing(256)
	seq := uint64(0)
	add := func() {
		seq++
		r.Add(chat.Entry{Seq: seq, Kind: chat.EntryMessage})
	}
	for range 1024 {
		add()
	}
	if n := testing.AllocsPerRun(2000, add); n > 0.1 {
		t.Fatalf("%v allocations an entry", n)
	}
}
