package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
)

var rangeRows = []row{
	{"After, Before, Limit, Newest and More cut a range", ranges},
	{"a room keeps at least its history size, and not everything", retention},
	{"what retention took cannot be edited, and seq goes on", retired},
}

func ranges(t *testing.T, r *rig) {
	for i := range 20 {
		r.stored(t, r.say("a", alice, fmt.Sprint(i+1)))
		if i == 11 {
			r.settle() // half of the room may lie elsewhere than the rest
		}
	}
	cases := []struct {
		q           chat.Query
		first, last uint64 // of the entries; 0: none
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
		what := fmt.Sprintf("range %+v", c.q)
		equal(t, what+": Seq", p.Seq, uint64(20))
		equal(t, what+": First", p.First, uint64(1))
		equal(t, what+": More", p.More, c.more)
		spans(t, what, p.Entries, c.first, c.last)
	}
}

// spans asserts that the entries are those from first to last, oldest first, each with the text of its seq.
func spans(t testingT, what string, entries []chat.Entry, first, last uint64) {
	t.Helper()
	want := 0
	if first > 0 {
		want = int(last - first + 1)
	}
	if len(entries) != want {
		t.Fatalf("%s: %d entries, want %d", what, len(entries), want)
	}
	for i, e := range entries {
		if seq := first + uint64(i); e.Seq != seq || e.Message.Text != fmt.Sprint(seq) {
			t.Fatalf("%s: entry %d is %+v, want seq %d", what, i, e, seq)
		}
	}
}

// fill writes n numbered messages in batches and returns the first one's id.
func (r *rig) fill(t testingT, room string, n int) string {
	t.Helper()
	first := ""
	for done := 0; done < n; {
		var batch []chat.Write
		for len(batch) < 100 && done < n {
			done++
			batch = append(batch, r.say(room, alice, fmt.Sprint(done)))
		}
		if first == "" {
			first = batch[0].ID
		}
		r.append(t, batch...)
	}
	return first
}

// slack is how far above HistorySize an approximately trimmed room may stand.
const slack = 500

func retention(t *testing.T, r *rig) {
	n := uint64(r.HistorySize + slack)
	r.fill(t, "a", int(n))
	r.settle()
	p := r.page(t, chat.Query{Room: "a", Limit: int(n)})
	if p.Seq != n || p.First <= 1 || n-p.First+1 < uint64(r.HistorySize) {
		t.Fatalf("after %d entries Seq is %d and First %d, want at least %d kept and some gone", n, p.Seq, p.First, r.HistorySize)
	}
	spans(t, "what is kept", p.Entries, p.First, n)
	equal(t, "More when all that is kept was read", p.More, false)
	old := r.page(t, chat.Query{Room: "a", Before: p.First, Limit: 10, Newest: true})
	equal(t, "entries before First", len(old.Entries), 0)
	equal(t, "More before First", old.More, false)
	r.reopen(t)
	again := r.page(t, chat.Query{Room: "a", Limit: int(n)})
	equal(t, "position after reopening", []uint64{again.Seq, again.First}, []uint64{p.Seq, p.First})
}

func retired(t *testing.T, r *rig) {
	n := r.HistorySize + slack
	first := r.fill(t, "a", n)
	r.settle()
	r.refused(t, r.edit("a", alice, first, "too late"), chat.RefusedNotFound)
	r.refused(t, r.drop("a", admin, first), chat.RefusedNotFound)
	equal(t, "the next seq", r.stored(t, r.say("a", alice, "next")).Seq, uint64(n+1))
}
