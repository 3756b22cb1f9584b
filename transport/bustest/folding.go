package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
	"chatnode/actors/wire"
)

var foldingRows = []row{
	{"a message is stored unchanged", unchangedMessage},
	{"an edit by an admin keeps name and avatar of the author", adminEdit},
	{"each fold case written one by one has its history", foldCasesOneByOne},
	{"each fold case written in one batch has its history", foldCasesInOneBatch},
	{"each fold case with background work between writes has its history", foldCasesWithBackground},
}

// redacted returns the entry that remains of id after the deletion of the message target.
func redacted(seq uint64, id, target string) chat.Entry {
	return chat.Entry{Seq: seq, Kind: chat.EntryDelete, ID: id, Message: wire.Message{ID: target}}
}

// storedMessage returns the message of a stored write.
func storedMessage(w chat.Write, at int64) wire.Message {
	return wire.Message{
		ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: at,
	}
}

// checkAfterReopen compares the history of each room with want: at once, after background work, and after reopening.
func (r *rig) checkAfterReopen(t *testing.T, want map[string][]chat.Entry) {
	t.Helper()
	check := func(when string) {
		t.Helper()
		for room, entries := range want {
			equal(t, "history of "+room+" "+when, r.all(t, room), entries)
		}
	}
	check("at once")
	r.finishBackground()
	check("after background work")
	r.reopen(t)
	check("after reopening")
}

func unchangedMessage(t *testing.T, r *rig) {
	w := r.message("a", alice, "héllo\n\"quoted\" 世界 \u2028")
	got := r.mustStore(t, w)
	r.checkAfterReopen(t, map[string][]chat.Entry{
		"a": {{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: storedMessage(w, got.At)}},
	})
}

func adminEdit(t *testing.T, r *rig) {
	w := r.message("a", alice, "rude")
	first := r.mustStore(t, w)
	e := r.mustStore(t, r.edit("a", admin, w.ID, "polite"))
	edited := storedMessage(w, first.At)
	edited.Text, edited.EditedAt = "polite", e.At
	r.checkAfterReopen(t, map[string][]chat.Entry{"a": {
		{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: edited},
		{Seq: 2, Kind: chat.EntryEdit, ID: e.ID, Message: edited},
	}})
}

func foldCasesOneByOne(t *testing.T, r *rig) {
	r.checkFoldCases(t, func(batch []chat.Write) (receipts []chat.Receipt) {
		for _, w := range batch {
			receipts = append(receipts, r.append(t, w)...)
		}
		return receipts
	})
}

func foldCasesInOneBatch(t *testing.T, r *rig) {
	r.checkFoldCases(t, func(batch []chat.Write) []chat.Receipt { return r.append(t, batch...) })
}

func foldCasesWithBackground(t *testing.T, r *rig) {
	r.checkFoldCases(t, func(batch []chat.Write) (receipts []chat.Receipt) {
		for _, w := range batch {
			receipts = append(receipts, r.append(t, w)...)
			r.finishBackground()
		}
		return receipts
	})
}

// checkFoldCases writes each case to a separate room, and compares receipts, delivered entries and history. The cases
// use the same ids and users, so an effect on another room would be found as well.
func (r *rig) checkFoldCases(t *testing.T, write func([]chat.Write) []chat.Receipt) {
	r.openSubscriber(t)
	histories := map[string][]chat.Entry{}
	for i, c := range chattest.FoldCases() {
		room := fmt.Sprintf("case-%d", i)
		r.subscribe(t, room)
		var batch []chat.Write
		for _, s := range c.Steps {
			w := s.Write
			w.Room, w.Key = room, "key-"+w.ID
			batch = append(batch, w)
		}
		receipts := write(batch)
		var at []int64 // times of the stored entries, by seq
		var delivered []chat.Entry
		for n, s := range c.Steps {
			equal(t, fmt.Sprintf("%s: refusal of write %d", c.Name, n), receipts[n].Refused, s.Refused)
			equal(t, fmt.Sprintf("%s: seq of write %d", c.Name, n), receipts[n].Seq, s.Entry.Seq)
			if s.Refused == chat.NotRefused {
				at = append(at, receipts[n].At)
				delivered = append(delivered, chattest.WithTimes(s.Entry, at))
			}
		}
		equal(t, c.Name+": delivered entries", r.received.entries(t, room, uint64(len(at))), delivered)
		for _, e := range c.History {
			histories[room] = append(histories[room], chattest.WithTimes(e, at))
		}
		equal(t, c.Name+": history", r.all(t, room), histories[room])
	}
	r.checkAfterReopen(t, histories)
}
