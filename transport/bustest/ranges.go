package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
)

var rangeRows = []row{
	{"After, Before, Limit, Newest and More select a range", ranges},
	{"a room retains at least its history size, and not everything", retention},
	{"expired messages cannot be edited, and seq continues", expired},
}

func ranges(t *testing.T, r *rig) {
	for i := range 20 {
		r.mustStore(t, r.message("a", alice, fmt.Sprint(i+1)))
		if i == 11 {
			r.finishBackground() // half of the room may be stored in another place
		}
	}
	cases := []struct {
		q           chat.Query
		first, last uint64 // seqs of the page; 0: none
		more        bool
	}{
		{chat.Query{Limit: 100}, 1, 20, false},
		{chat.Query{Limit: 20}, 1, 20, false},
		{chat.Query{Limit: 19}, 1, 19, true},
		{chat.Query{Limit: 5}, 1, 5, true},
		{chat.Query{Limit: 5, Newest: true}, 16, 20, true},
		{chat.Query{Limit: 20, Newest: true}, 1, 20, false},
		{chat.Query{After: 10, Limit: 5}, 11, 15, true},
		{chat.Query{After: 15, Limit: 5}, 16, 20, false},
		{chat.Query{After: 20, Limit: 5}, 0, 0, false},
		{chat.Query{After: 99, Limit: 5}, 0, 0, false},
		{chat.Query{Before: 6, Limit: 5, Newest: true}, 1, 5, false},
		{chat.Query{Before: 7, Limit: 5, Newest: true}, 2, 6, true},
		{chat.Query{Before: 1, Limit: 5, Newest: true}, 0, 0, false},
		{chat.Query{Before: 99, Limit: 2, Newest: true}, 19, 20, true},
		{chat.Query{After: 9, Before: 16, Limit: 3}, 10, 12, true},
		{chat.Query{After: 9, Before: 16, Limit: 3, Newest: true}, 13, 15, true},
		{chat.Query{After: 9, Before: 13, Limit: 3}, 10, 12, false},
		{chat.Query{After: 9, Before: 10, Limit: 3}, 0, 0, false},
	}
	for _, c := range cases {
		c.q.Room = "a"
		p := r.page(t, c.q)
		name := fmt.Sprintf("range %+v", c.q)
		equal(t, name+": Seq", p.Seq, uint64(20))
		equal(t, name+": First", p.First, uint64(1))
		equal(t, name+": More", p.More, c.more)
		checkTexts(t, name, p.Entries, c.first, c.last)
	}
}

// checkTexts asserts that the entries have the seqs first to last, each with its seq as text.
func checkTexts(t testingT, name string, entries []chat.Entry, first, last uint64) {
	t.Helper()
	want := 0
	if first > 0 {
		want = int(last - first + 1)
	}
	if len(entries) != want {
		t.Fatalf("%s: %d entries, want %d", name, len(entries), want)
	}
	for i, e := range entries {
		if seq := first + uint64(i); e.Seq != seq || e.Message.Text != fmt.Sprint(seq) {
			t.Fatalf("%s: entry %d is %+v, want seq %d", name, i, e, seq)
		}
	}
}

// fill appends n messages with their seq as text. It returns the id of the first one.
func (r *rig) fill(t testingT, room string, n int) string {
	t.Helper()
	first := ""
	for done := 0; done < n; {
		var batch []chat.Write
		for len(batch) < 100 && done < n {
			done++
			batch = append(batch, r.message(room, alice, fmt.Sprint(done)))
		}
		if first == "" {
			first = batch[0].ID
		}
		r.append(t, batch...)
	}
	return first
}

// trimSlack is the maximum number of entries above HistorySize in a room that is trimmed approximately.
const trimSlack = 500

func retention(t *testing.T, r *rig) {
	n := uint64(r.HistorySize + trimSlack)
	r.fill(t, "a", int(n))
	r.finishBackground()
	p := r.page(t, chat.Query{Room: "a", Limit: int(n)})
	if p.Seq != n || p.First <= 1 || n-p.First+1 < uint64(r.HistorySize) {
		t.Fatalf("after %d entries Seq is %d and First %d, want at least %d but not all retained",
			n, p.Seq, p.First, r.HistorySize)
	}
	checkTexts(t, "retained entries", p.Entries, p.First, n)
	equal(t, "More after all retained entries", p.More, false)
	before := r.page(t, chat.Query{Room: "a", Before: p.First, Limit: 10, Newest: true})
	equal(t, "entries before First", len(before.Entries), 0)
	equal(t, "More before First", before.More, false)
	r.reopen(t)
	reopened := r.page(t, chat.Query{Room: "a", Limit: int(n)})
	equal(t, "position after reopening", []uint64{reopened.Seq, reopened.First}, []uint64{p.Seq, p.First})
}

func expired(t *testing.T, r *rig) {
	n := r.HistorySize + trimSlack
	first := r.fill(t, "a", n)
	r.finishBackground()
	r.mustRefuse(t, r.edit("a", alice, first, "too late"), chat.RefusedNotFound)
	r.mustRefuse(t, r.deletion("a", admin, first), chat.RefusedNotFound)
	equal(t, "the next seq", r.mustStore(t, r.message("a", alice, "next")).Seq, uint64(n+1))
}
