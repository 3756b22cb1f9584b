package bustest

import (
	"testing"

	"chatnode/actors/chat"
)

var rightsRows = []row{
	{"authors and admins may edit and delete", rights},
	{"edits and deletions of missing messages are refused", missingTargets},
	{"a hint speeds up and never decides", hints},
}

func rights(t *testing.T, r *rig) {
	cases := []struct {
		name string
		by   chat.Author
		want chat.Refusal
	}{
		{"author", alice, chat.NotRefused},
		{"other user", bob, chat.RefusedForbidden},
		{"admin", admin, chat.NotRefused},
	}
	for _, background := range []bool{false, true} {
		for _, c := range cases {
			m := r.mustStore(t, r.message("a", alice, "text"))
			if background {
				r.finishBackground()
			}
			if c.want != chat.NotRefused {
				r.mustRefuse(t, r.edit("a", c.by, m.ID, c.name), c.want)
				r.mustRefuse(t, r.deletion("a", c.by, m.ID), c.want)
				continue
			}
			r.mustStore(t, r.edit("a", c.by, m.ID, c.name))
			r.mustStore(t, r.deletion("a", c.by, m.ID))
		}
	}
}

func missingTargets(t *testing.T, r *rig) {
	deleted := r.mustStore(t, r.message("a", alice, "text"))
	r.mustStore(t, r.deletion("a", alice, deleted.ID))
	otherRoom := r.mustStore(t, r.message("b", alice, "text"))
	for _, background := range []bool{false, true} {
		if background {
			r.finishBackground()
		}
		for _, target := range []string{"unknown", deleted.ID, otherRoom.ID} {
			r.mustRefuse(t, r.edit("a", alice, target, "new"), chat.RefusedNotFound)
			r.mustRefuse(t, r.deletion("a", admin, target), chat.RefusedNotFound)
		}
	}
	equal(t, "entries", len(r.all(t, "a")), 2)
}

func hints(t *testing.T, r *rig) {
	m, other := r.mustStore(t, r.message("a", alice, "text")), r.mustStore(t, r.message("a", bob, "text"))
	right := r.edit("a", alice, m.ID, "right hint")
	right.Hint = m.Seq
	r.mustStore(t, right)
	wrong := r.edit("a", alice, m.ID, "wrong hint")
	wrong.Hint = other.Seq
	r.mustStore(t, wrong)
	mine := r.deletion("a", bob, m.ID)
	mine.Hint = other.Seq
	r.mustRefuse(t, mine, chat.RefusedForbidden)
	equal(t, "the text", r.all(t, "a")[0].Message.Text, "wrong hint")
}
