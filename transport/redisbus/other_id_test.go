package redisbus_test

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// A node that keeps a message in its journal gives it an id, and its members edit and delete it under that;
// another node that was tried as well has stored it under an id with another hint. Both mean one message.
func TestAMessageIsFoundUnderAnotherNodesID(t *testing.T) {
	s := redistest.Start(t, redistest.Config{})
	p := startNode(t, newEngine(t, s.URL(), "api-1"))
	must(p.appender.Append(ctx(t), []chat.Write{message("r", "5-0ne"), message("r", "5-tw0"), message("r", "6-thr33")}))(t, "append")
	tried := message("r", "9-tw0")
	tried.Key, tried.Tried = "forgotten", true
	batch := []chat.Write{
		{Room: "r", Kind: chat.EntryEdit, ID: "7-e", Target: "2-0ne", Text: "edited", Author: alice},
		{Room: "r", Kind: chat.EntryDelete, ID: "7-d", Target: "1a-thr33", Hint: 99, Author: alice},
		{Room: "r", Kind: chat.EntryDelete, ID: "7-n", Target: "5-0n", Author: alice},
		tried,
	}
	got := must(p.appender.Append(ctx(t), batch))(t, "append")
	for i, want := range []chat.Receipt{
		{Seq: 4, ID: "7-e", Target: "2-0ne"},
		{Seq: 5, ID: "7-d", Target: "1a-thr33"},
		{Refused: chat.RefusedNotFound},
		{Seq: 2, ID: "5-tw0", Duplicate: true},
	} {
		r := got[i]
		r.Epoch, r.At = "", 0
		if r != want {
			t.Errorf("receipt %d: %+v, want %+v", i, r, want)
		}
	}
	e := must(p.store.Range(ctx(t), chat.Query{Room: "r", Limit: 9}))(t, "range").Entries
	if e[0].Message.Text != "edited" || e[0].ID != "5-0ne" || e[3].Message.ID != "5-0ne" {
		t.Errorf("the edited message stands as %+v, its edit as %+v", e[0], e[3])
	}
	if e[2].Kind != chat.EntryDelete || e[2].Message.ID != "6-thr33" || e[4].Message.ID != "6-thr33" {
		t.Errorf("the deleted message stands as %+v, its deletion as %+v", e[2], e[4])
	}
}
