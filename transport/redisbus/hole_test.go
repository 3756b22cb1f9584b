package redisbus_test

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// A failover has lost 6 to 40 for good, and the log goes on behind what was shown. The newest page has what is before
// the hole as well, edited and deleted messages too, and nothing of the hole; a page of what follows a place says of
// each place of the hole that nothing is known of it (INV-2).
func TestTheNewestReachBeyondAHole(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := start(t, node(t, s.URL(), "api-1"))
	receipts := must(p.appender.Append(ctx(t), append(several("old", 3, "r"),
		chat.Write{Room: "r", Kind: chat.EntryEdit, ID: "3-e", Target: "0-oldr-0", Text: "edited", Author: alice},
		chat.Write{Room: "r", Kind: chat.EntryDelete, ID: "4-d", Target: "0-oldr-1", Author: alice})))(t, "append")
	batch := several("new", 2, "r")
	batch[0].Floor = chat.Floor{Epoch: receipts[0].Epoch, Seq: 40}
	must(p.appender.Append(ctx(t), batch))(t, "append above the floor")

	read := func(q chat.Query) chat.Page {
		q.Room = "r"
		return must(p.store.Range(ctx(t), q))(t, "range")
	}
	for _, c := range []struct {
		q    chat.Query
		want string
		more bool
	}{
		{chat.Query{Newest: true, Limit: 2}, "[41 42]", true},
		{chat.Query{Newest: true, Limit: 3}, "[5 41 42]", true},
		{chat.Query{Newest: true, Limit: 6}, "[2 3 4 5 41 42]", true},
		{chat.Query{Newest: true, Limit: 7}, "[1 2 3 4 5 41 42]", false},
		{chat.Query{Newest: true, Limit: 100}, "[1 2 3 4 5 41 42]", false},
		{chat.Query{Newest: true, Limit: 2, Before: 42}, "[5 41]", true},
		{chat.Query{Newest: true, Limit: 2, Before: 20}, "[4 5]", true},
		{chat.Query{After: 4, Limit: 3}, "[5 6? 7?]", true},
		{chat.Query{After: 39, Limit: 3}, "[40? 41 42]", false},
	} {
		page, seqs := read(c.q), []string{}
		for _, e := range page.Entries {
			mark := ""
			if e.ID == "" {
				mark = "?"
			}
			seqs = append(seqs, fmt.Sprint(e.Seq, mark))
		}
		if got := fmt.Sprint(seqs); got != c.want || page.More != c.more || page.Seq != 42 || page.First != 1 {
			t.Errorf("%+v: %s more %v, want %s %v; the page is at %d, from %d", c.q, got, page.More, c.want, c.more, page.Seq, page.First)
		}
	}
	if e := read(chat.Query{Newest: true, Limit: 7}).Entries; e[0].Message.Text != "edited" || e[1].Kind != chat.EntryDelete || e[3].Message.Text != "edited" {
		t.Errorf("behind the hole stand %+v", e[:5])
	}
}
