package redisbus_test

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// TestNewestPageSpansGap: a failover lost the entries 6 to 40, and the log continues after the floor (INV-2). The
// newest page also contains the entries before the gap, including edited and deleted messages, but none of the gap. A
// page after a seq contains an entry without id for each seq of the gap.
func TestNewestPageSpansGap(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	receipts := must(p.appender.Append(ctx(t), append(messages("old", 3, "r"),
		chat.Write{Room: "r", Kind: chat.EntryEdit, ID: "3-e", Target: "0-oldr-0", Text: "edited", Author: alice},
		chat.Write{Room: "r", Kind: chat.EntryDelete, ID: "4-d", Target: "0-oldr-1", Author: alice})))(t, "append")
	batch := messages("new", 2, "r")
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
			t.Errorf("%+v: entries %s, more %v, want %s, %v; Seq %d, First %d",
				c.q, got, page.More, c.want, c.more, page.Seq, page.First)
		}
	}
	e := read(chat.Query{Newest: true, Limit: 7}).Entries
	if e[0].Message.Text != "edited" || e[1].Kind != chat.EntryDelete || e[3].Message.Text != "edited" {
		t.Errorf("entries before the gap: %+v, want message 1 edited and message 2 deleted", e[:5])
	}
}
