package bustest

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var foldingRows = []row{
	{"a message stands as it was written", standing},
	{"edits fold into the message and into one another", edits},
	{"an edit by an admin keeps the author", adminEdit},
	{"a deletion redacts the message and its edits", deletion},
	{"a bulk deletion counts and redacts one user's messages", bulk},
	{"a bulk deletion of nobody's messages is an entry too", bulkNothing},
}

// gone is the entry that a deletion leaves of id: what was said about target is not to be read any more.
func gone(seq uint64, id, target string) chat.Entry {
	return chat.Entry{Seq: seq, Kind: chat.EntryDelete, ID: id, Message: wire.Message{ID: target}}
}

// written is the message of a stored KindMessage.
func written(w chat.Write, at int64) wire.Message {
	return wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: at}
}

// checkAfterReopen compares the room's history with want, before and after the engine settled, and reopened.
func (r *rig) checkAfterReopen(t *testing.T, room string, want []chat.Entry) {
	t.Helper()
	equal(t, "history", r.all(t, room), want)
	r.settle()
	equal(t, "history, settled", r.all(t, room), want)
	r.reopen(t)
	equal(t, "history, reopened", r.all(t, room), want)
}

func standing(t *testing.T, r *rig) {
	w := r.say("a", alice, "héllo\n\"quoted\" 世界 \u2028")
	got := r.stored(t, w)
	r.checkAfterReopen(t, "a", []chat.Entry{{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: written(w, got.At)}})
}

func edits(t *testing.T, r *rig) {
	w := r.say("a", alice, "one")
	first := r.stored(t, w)
	r.settle()
	e1 := r.stored(t, r.edit("a", alice, w.ID, "two"))
	between := r.say("a", bob, "between")
	second := r.stored(t, between)
	e2 := r.stored(t, r.edit("a", alice, w.ID, "three"))
	now := written(w, first.At)
	now.Text, now.EditedAt = "three", e2.At
	r.checkAfterReopen(t, "a", []chat.Entry{
		{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: now},
		{Seq: 2, Kind: chat.EntryEdit, ID: e1.ID, Message: now},
		{Seq: 3, Kind: chat.EntryMessage, ID: between.ID, Message: written(between, second.At)},
		{Seq: 4, Kind: chat.EntryEdit, ID: e2.ID, Message: now},
	})
}

func adminEdit(t *testing.T, r *rig) {
	w := r.say("a", alice, "rude")
	first := r.stored(t, w)
	e := r.stored(t, r.edit("a", admin, w.ID, "polite"))
	now := written(w, first.At)
	now.Text, now.EditedAt = "polite", e.At
	r.checkAfterReopen(t, "a", []chat.Entry{
		{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: now},
		{Seq: 2, Kind: chat.EntryEdit, ID: e.ID, Message: now},
	})
	r.refused(t, r.edit("a", bob, w.ID, "not his"), chat.RefusedForbidden)
}

func deletion(t *testing.T, r *rig) {
	m := r.stored(t, r.say("a", alice, "secret"))
	r.settle()
	e := r.stored(t, r.edit("a", alice, m.ID, "secret too"))
	keep := r.say("a", bob, "kept")
	kept := r.stored(t, keep)
	d := r.stored(t, r.drop("a", alice, m.ID))
	r.checkAfterReopen(t, "a", []chat.Entry{
		gone(1, m.ID, m.ID), gone(2, e.ID, m.ID),
		{Seq: 3, Kind: chat.EntryMessage, ID: keep.ID, Message: written(keep, kept.At)},
		gone(4, d.ID, m.ID),
	})
}

func bulk(t *testing.T, r *rig) {
	m1 := r.stored(t, r.say("a", bob, "spam 1"))
	m2 := r.stored(t, r.say("a", bob, "spam 2"))
	r.settle()
	keep := r.say("a", alice, "kept")
	kept := r.stored(t, keep)
	e := r.stored(t, r.edit("a", bob, m2.ID, "spam 2 again"))
	d := r.stored(t, r.drop("a", bob, m1.ID))
	m3 := r.stored(t, r.say("a", bob, "spam 3"))
	elsewhere := r.stored(t, r.say("b", bob, "another room"))
	b := r.stored(t, r.purge("a", bob.ID))
	late := r.say("a", bob, "sorry")
	last := r.stored(t, late)
	r.checkAfterReopen(t, "a", []chat.Entry{
		gone(1, m1.ID, m1.ID), gone(2, m2.ID, m2.ID),
		{Seq: 3, Kind: chat.EntryMessage, ID: keep.ID, Message: written(keep, kept.At)},
		gone(4, e.ID, m2.ID), gone(5, d.ID, m1.ID), gone(6, m3.ID, m3.ID),
		{Seq: 7, Kind: chat.EntryBulkDelete, ID: b.ID, UserID: bob.ID, Count: 2},
		{Seq: 8, Kind: chat.EntryMessage, ID: late.ID, Message: written(late, last.At)},
	})
	equal(t, "the other room's entry", r.all(t, "b")[0].Message.ID, elsewhere.ID)
	r.refused(t, r.edit("a", bob, m2.ID, "back"), chat.RefusedNotFound)
}

func bulkNothing(t *testing.T, r *rig) {
	b := r.stored(t, r.purge("a", bob.ID))
	r.checkAfterReopen(t, "a", []chat.Entry{{Seq: 1, Kind: chat.EntryBulkDelete, ID: b.ID, UserID: bob.ID}})
}
