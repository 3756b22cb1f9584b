package bustest

import (
	"testing"

	"chatnode/actors/chat"
)

var rightsRows = []row{
	{"who may edit and delete", rights},
	{"what is not there cannot be edited or deleted", notThere},
	{"a hint speeds up and never decides", hints},
}

func rights(t *testing.T, r *rig) {
	cases := []struct {
		name string
		by   chat.Author
		want chat.Refusal
	}{
		{"author", alice, chat.NotRefused},
		{"stranger", bob, chat.RefusedForbidden},
		{"admin", admin, chat.NotRefused},
	}
	for _, settled := range []bool{false, true} {
		for _, c := range cases {
			m := r.stored(t, r.say("a", alice, "text"))
			if settled {
				r.settle()
			}
			if c.want != chat.NotRefused {
				r.refused(t, r.edit("a", c.by, m.ID, c.name), c.want)
				r.refused(t, r.drop("a", c.by, m.ID), c.want)
				continue
			}
			r.stored(t, r.edit("a", c.by, m.ID, c.name))
			r.stored(t, r.drop("a", c.by, m.ID))
		}
	}
}

func notThere(t *testing.T, r *rig) {
	gone := r.stored(t, r.say("a", alice, "text"))
	r.stored(t, r.drop("a", alice, gone.ID))
	elsewhere := r.stored(t, r.say("b", alice, "text"))
	for _, settled := range []bool{false, true} {
		if settled {
			r.settle()
		}
		for _, target := range []string{"unknown", gone.ID, elsewhere.ID} {
			r.refused(t, r.edit("a", alice, target, "new"), chat.RefusedNotFound)
			r.refused(t, r.drop("a", admin, target), chat.RefusedNotFound)
		}
	}
	equal(t, "entries", len(r.all(t, "a")), 2)
}

func hints(t *testing.T, r *rig) {
	m, other := r.stored(t, r.say("a", alice, "text")), r.stored(t, r.say("a", bob, "text"))
	right := r.edit("a", alice, m.ID, "right hint")
	right.Hint = m.Seq
	r.stored(t, right)
	wrong := r.edit("a", alice, m.ID, "wrong hint")
	wrong.Hint = other.Seq
	r.stored(t, wrong)
	mine := r.drop("a", bob, m.ID)
	mine.Hint = other.Seq
	r.refused(t, mine, chat.RefusedForbidden)
	equal(t, "the text", r.all(t, "a")[0].Message.Text, "wrong hint")
}
