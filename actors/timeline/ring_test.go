package timeline

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
	"chatnode/actors/wire"
)

// The ring has the newest entries of the log in their current state, for every sequence of writes.
func TestRingIsEndOfLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 12).Draw(t, "limit")
		r, all := newRing(limit), newRing(1<<20)
		for seq := uint64(1); seq <= uint64(rapid.IntRange(0, 60).Draw(t, "entries")); seq++ {
			e := drawEntry(t, seq)
			r.add(e)
			all.add(e)
			want := all.entries[max(0, len(all.entries)-limit):]
			if len(r.entries) != len(want) || (len(want) > 0 && !reflect.DeepEqual(r.entries, want)) {
				t.Fatalf("ring has %v, want %v", r.entries, want)
			}
			checkNewest(t, &r, &all, seq)
		}
	})
}

func drawEntry(t *rapid.T, seq uint64) chat.Entry {
	id := fmt.Sprint(seq)
	target := fmt.Sprint(rapid.Uint64Range(1, seq).Draw(t, "target"))
	user := rapid.SampledFrom([]string{"u", "v"}).Draw(t, "user")
	kind := rapid.SampledFrom(append(slices.Collect(chat.EntryKinds()), chat.EntryMessage, chat.EntryMessage)).Draw(t, "kind")
	switch kind {
	case chat.EntryEdit:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: target, UserID: user, Text: "edited at " + id}}
	case chat.EntryDelete:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: target}}
	case chat.EntryBulkDelete:
		return chat.Entry{Seq: seq, Kind: kind, ID: id, UserID: user}
	case chat.EntryMessage:
	}
	return chat.Entry{Seq: seq, Kind: kind, ID: id, Message: wire.Message{ID: id, UserID: user, Text: "text"}}
}

// checkNewest compares a page of the ring with the page of the whole log, unless the ring rejects the request.
func checkNewest(t *rapid.T, r, all *ring, last uint64) {
	before := rapid.Uint64Range(0, last+1).Draw(t, "before")
	limit := rapid.IntRange(1, 10).Draw(t, "page")
	data, more, ok := r.newest(before, limit)
	if !ok {
		if r.firstSeq() <= 1 {
			t.Fatal("a ring with the whole log rejected the request")
		}
		return
	}
	want, wantMore, _ := all.newest(before, limit)
	if more != wantMore || len(data) != len(want) || (len(want) > 0 && !reflect.DeepEqual(data, want)) {
		t.Fatalf("before %d, limit %d: %v %v, want %v %v", before, limit, data, more, want, wantMore)
	}
}

// If a failover left a gap in the log, the history has the entries on both sides. Only a resume across the gap is
// rejected.
func TestRingShowsBothSidesOfGap(t *testing.T) {
	r := newRing(4)
	for _, seq := range []uint64{1, 2, 3, 5, 6} {
		r.add(chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: fmt.Sprint(seq), Message: wire.Message{ID: fmt.Sprint(seq)}})
	}
	data, more, ok := r.newest(0, 3)
	if !ok || !more || len(data) != 3 || data[0].Seq != 3 || data[2].Seq != 6 {
		t.Fatalf("newest(0, 3) = %+v, more %v, ok %v", data, more, ok)
	}
	for seq, want := range map[uint64]int{4: 2, 5: 1, 6: 0} {
		if got, ok := r.after(seq, 6); !ok || len(got) != want {
			t.Errorf("after %d: %d entries, %v; want %d", seq, len(got), ok, want)
		}
	}
	if _, ok := r.after(3, 6); ok {
		t.Error("after(3, 6) ignored the gap")
	}
	for seq, want := range map[uint64]bool{2: false, 3: false, 4: false, 5: true, 6: true} {
		if _, ok := r.resume(seq, 6); ok != want {
			t.Errorf("resume at %d: ok is %v; seq 4 is the gap", seq, ok)
		}
	}
	for seq, want := range map[uint64]bool{3: false, 4: false, 5: true, 6: true, 7: false} {
		if e, ok := r.at(seq); ok != want || ok && e.Seq != seq {
			t.Errorf("at(%d) = %+v, %v", seq, e, ok)
		}
	}
}

// The ring has the history of each fold case.
func TestRingFoldCases(t *testing.T) {
	for _, c := range chattest.FoldCases() {
		r := newRing(100)
		for _, s := range c.Steps {
			r.add(s.Entry) // a refused step has no entry
		}
		if !reflect.DeepEqual(r.entries, c.History) {
			t.Errorf("%s: ring has\n%+v, want\n%+v", c.Name, r.entries, c.History)
		}
	}
}

func TestRingRejectsEvictedSeqs(t *testing.T) {
	r := newRing(4)
	for seq := uint64(1); seq <= 10; seq++ {
		r.add(chat.Entry{Seq: seq, Kind: chat.EntryMessage, ID: fmt.Sprint(seq)})
	}
	for seq, want := range map[uint64]int{10: 0, 9: 1, 6: 4} {
		if got, ok := r.after(seq, 10); !ok || len(got) != want {
			t.Errorf("after %d: %d entries, %v; want %d", seq, len(got), ok, want)
		}
	}
	for _, seq := range []uint64{5, 0, 11} {
		if _, ok := r.after(seq, 10); ok {
			t.Errorf("after(%d): ok is true", seq)
		}
	}
}

func TestRingRarelyCopies(t *testing.T) {
	r := newRing(256)
	seq := uint64(0)
	add := func() {
		seq++
		r.add(chat.Entry{Seq: seq, Kind: chat.EntryMessage})
	}
	for range 1024 {
		add()
	}
	if n := testing.AllocsPerRun(2000, add); n > 0.1 {
		t.Fatalf("%v allocations per entry", n)
	}
}
