package bustest

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/chat/chattest"
)

var idempotencyRows = []row{
	{"a key is appended once in a batch", keyInBatch},
	{"a key is appended once across batches", keyLater},
	{"a key is appended once across reopening", keyReopened},
	{"a key of an edit or deletion is appended once", keyOfEdit},
	{"the same key in another room is a different key", keyOtherRoom},
	{"a refused write does not store its key", keyRefused},
	{"a tried write is found by its id when its key is forgotten", triedByID},
	{"a tried write of each fold case is found by its id", triedFoldCases},
}

// retry returns w as a retry of the client: with the same key and a new id.
func (r *rig) retry(w chat.Write) chat.Write {
	w.ID = r.id("retry")
	return w
}

// duplicate asserts that got is the receipt of a retry of the write with the receipt first.
func duplicate(t testingT, got, first chat.Receipt) {
	t.Helper()
	first.Duplicate = true
	equal(t, "receipt of the retry", got, first)
}

func keyInBatch(t *testing.T, r *rig) {
	w := r.message("a", alice, "once")
	got := r.append(t, w, r.retry(w), r.message("a", bob, "next"), r.retry(w))
	duplicate(t, got[1], got[0])
	duplicate(t, got[3], got[0])
	equal(t, "entries", len(r.all(t, "a")), 2)
	equal(t, "seq of the other message", got[2].Seq, uint64(2))
}

func keyLater(t *testing.T, r *rig) {
	w := r.message("a", alice, "once")
	first := r.mustStore(t, w)
	for range 3 {
		duplicate(t, r.append(t, r.retry(w))[0], first)
		r.finishBackground()
	}
	equal(t, "entries", len(r.all(t, "a")), 1)
}

func keyReopened(t *testing.T, r *rig) {
	early, late := r.message("a", alice, "early"), r.message("a", alice, "late")
	first := r.mustStore(t, early)
	r.finishBackground()
	second := r.mustStore(t, late)
	for range 2 {
		r.reopen(t)
		duplicate(t, r.append(t, r.retry(early))[0], first)
		duplicate(t, r.append(t, r.retry(late))[0], second)
	}
	equal(t, "entries", len(r.all(t, "a")), 2)
}

func keyOfEdit(t *testing.T, r *rig) {
	m := r.mustStore(t, r.message("a", alice, "text"))
	e, d, b := r.edit("a", alice, m.ID, "new"), r.deletion("a", alice, m.ID), r.bulkDelete("a", bob.ID)
	for _, w := range []chat.Write{e, d, b} {
		first := r.mustStore(t, w)
		duplicate(t, r.append(t, r.retry(w))[0], first)
	}
	equal(t, "entries", len(r.all(t, "a")), 4)
	edited := chat.Receipt{Epoch: m.Epoch, Seq: 2, ID: e.ID, Target: m.ID, At: r.append(t, r.retry(e))[0].At}
	duplicate(t, r.append(t, r.retry(e))[0], edited)
}

func keyOtherRoom(t *testing.T, r *rig) {
	w := r.message("a", alice, "text")
	r.mustStore(t, w)
	other := r.retry(w)
	other.Room = "b"
	r.mustStore(t, other)
}

func keyRefused(t *testing.T, r *rig) {
	m := r.message("a", alice, "text")
	e := r.edit("a", alice, m.ID, "edited before it exists")
	r.mustRefuse(t, e, chat.RefusedNotFound)
	r.mustStore(t, m)
	r.mustStore(t, e)
}

func triedByID(t *testing.T, r *rig) {
	m := r.message("a", alice, "text")
	first := r.mustStore(t, m)
	e := r.edit("a", alice, m.ID, "newer")
	second := r.mustStore(t, e)
	for _, settled := range []bool{false, true} {
		if settled {
			r.finishBackground()
		}
		m.Key, m.Tried, e.Key, e.Tried = r.id("forgotten"), true, r.id("forgotten"), true
		duplicate(t, r.append(t, m)[0], first)
		duplicate(t, r.append(t, e)[0], second)
	}
	fresh := r.message("a", bob, "never stored")
	fresh.Tried = true
	r.mustStore(t, fresh)
	equal(t, "entries", len(r.all(t, "a")), 3)
}

// triedFoldCases writes the fold cases, which contain all kinds, and retries each stored write with another key. The
// receipt may have another time, because a deletion removes the time of the message.
func triedFoldCases(t *testing.T, r *rig) {
	for i, c := range chattest.FoldCases() {
		for _, s := range c.Steps {
			w := s.Write
			w.Room, w.Key = fmt.Sprintf("case-%d", i), "key-"+w.ID
			first := r.append(t, w)[0]
			if s.Refused != chat.NotRefused {
				continue
			}
			w.Key, w.Tried = "forgotten-"+w.ID, true
			again := r.append(t, w)[0]
			again.At = first.At
			duplicate(t, again, first)
		}
	}
}
