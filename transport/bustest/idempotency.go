package bustest

import (
	"testing"

	"chatnode/actors/chat"
)

var idempotencyRows = []row{
	{"a key appends once in one batch", keyInBatch},
	{"a key appends once over batches", keyLater},
	{"a key appends once over a reopening", keyReopened},
	{"a key of an edit or deletion appends once", keyOfEdit},
	{"the same key in another room is another key", keyOtherRoom},
	{"a refused write leaves no key behind", keyRefused},
	{"a tried write is found by its id when its key is forgotten", triedByID},
}

// again is the write as a client repeats it: the same key, and a new id made by the node.
func (r *rig) again(w chat.Write) chat.Write {
	w.ID = r.id("retry")
	return w
}

// duplicate asserts that got answers a repetition of what first answered.
func duplicate(t testingT, got, first chat.Receipt) {
	t.Helper()
	first.Duplicate = true
	equal(t, "the repetition's receipt", got, first)
}

func keyInBatch(t *testing.T, r *rig) {
	w := r.say("a", alice, "once")
	got := r.append(t, w, r.again(w), r.say("a", bob, "next"), r.again(w))
	duplicate(t, got[1], got[0])
	duplicate(t, got[3], got[0])
	equal(t, "entries", len(r.all(t, "a")), 2)
	equal(t, "seq of the other message", got[2].Seq, uint64(2))
}

func keyLater(t *testing.T, r *rig) {
	w := r.say("a", alice, "once")
	first := r.stored(t, w)
	for range 3 {
		duplicate(t, r.append(t, r.again(w))[0], first)
		r.settle()
	}
	equal(t, "entries", len(r.all(t, "a")), 1)
}

func keyReopened(t *testing.T, r *rig) {
	early, late := r.say("a", alice, "early"), r.say("a", alice, "late")
	first := r.stored(t, early)
	r.settle()
	second := r.stored(t, late)
	for range 2 {
		r.reopen(t)
		duplicate(t, r.append(t, r.again(early))[0], first)
		duplicate(t, r.append(t, r.again(late))[0], second)
	}
	equal(t, "entries", len(r.all(t, "a")), 2)
}

func keyOfEdit(t *testing.T, r *rig) {
	m := r.stored(t, r.say("a", alice, "text"))
	e, d, b := r.edit("a", alice, m.ID, "new"), r.drop("a", alice, m.ID), r.purge("a", bob.ID)
	for _, w := range []chat.Write{e, d, b} {
		first := r.stored(t, w)
		duplicate(t, r.append(t, r.again(w))[0], first)
	}
	equal(t, "entries", len(r.all(t, "a")), 4)
	duplicate(t, r.append(t, r.again(e))[0], chat.Receipt{Epoch: m.Epoch, Seq: 2, ID: e.ID, Target: m.ID, At: r.append(t, r.again(e))[0].At})
}

func keyOtherRoom(t *testing.T, r *rig) {
	w := r.say("a", alice, "text")
	r.stored(t, w)
	other := r.again(w)
	other.Room = "b"
	r.stored(t, other)
}

func keyRefused(t *testing.T, r *rig) {
	m := r.say("a", alice, "text")
	e := r.edit("a", alice, m.ID, "edited before it was there")
	r.refused(t, e, chat.RefusedNotFound)
	r.stored(t, m)
	r.stored(t, e)
}

func triedByID(t *testing.T, r *rig) {
	m := r.say("a", alice, "text")
	first := r.stored(t, m)
	e := r.edit("a", alice, m.ID, "newer")
	second := r.stored(t, e)
	for _, settled := range []bool{false, true} {
		if settled {
			r.settle()
		}
		m.Key, m.Tried, e.Key, e.Tried = r.id("forgotten"), true, r.id("forgotten"), true
		duplicate(t, r.append(t, m)[0], first)
		duplicate(t, r.append(t, e)[0], second)
	}
	fresh := r.say("a", bob, "never stored")
	fresh.Tried = true
	r.stored(t, fresh)
	equal(t, "entries", len(r.all(t, "a")), 3)
}
