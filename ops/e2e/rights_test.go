package e2e

import (
	"fmt"

	"chatnode/ops/e2e/client"
)

var rightsScenarios = []scenario{
	{"authors and admins edit, strangers do not", withTokens(), editing},
	{"authors and admins delete, strangers do not", withTokens(), deleting},
	{"admins delete all messages of a user", withTokens(), bulkDeleting},
	{"what is gone or never was cannot be edited or deleted", withTokens(), nothingThere},
	{"an id stands for one request", withTokens(), usedIDs},
}

func editing(w *world) {
	alice, bob, admin := w.enter(w.as(0, "alice", "member")), w.enter(w.as(1, "bob", "member")), w.enter(w.as(2, "root", "admin"))
	posted := w.say(alice, "first words")
	for i, editor := range []*client.Session{alice, admin} {
		text := fmt.Sprintf("edit %d", i)
		ack := w.do(editor, client.Command{Type: "edit_message", ID: "e", MessageID: posted.MessageID, Message: text})
		if ack.MessageID != posted.MessageID || ack.Seq != posted.Seq+uint64(i)+1 {
			w.Errorf("edit acknowledged by %s", ack.Raw)
		}
		for _, s := range []*client.Session{alice, bob, admin} {
			f := w.await(s, func(f client.Frame) bool { return f.Type == "message_updated" && f.Seq == ack.Seq })
			m := data[client.Message](w, f)
			if m.ID != posted.MessageID || m.Message != text || m.UserID != "alice" || m.EditedAt == "" {
				w.Errorf("updated: %s", f.Raw)
			}
		}
	}
	w.wantError(bob, client.Command{Type: "edit_message", ID: "e", MessageID: posted.MessageID, Message: "mine now"}, "forbidden")
	if got := w.history(bob, global); len(got) != 1 || got[0].Message != "edit 1" {
		w.Errorf("history: %+v", got)
	}
}

func deleting(w *world) {
	alice, bob, admin := w.enter(w.as(0, "alice", "member")), w.enter(w.as(1, "bob", "member")), w.enter(w.as(2, "root", "admin"))
	own, judged := w.say(alice, "own"), w.say(alice, "judged")
	w.wantError(bob, client.Command{Type: "delete_message", ID: "d", MessageID: own.MessageID}, "forbidden")
	for _, c := range []struct {
		by *client.Session
		of client.Frame
	}{{alice, own}, {admin, judged}} {
		ack := w.do(c.by, client.Command{Type: "delete_message", ID: "d", MessageID: c.of.MessageID})
		for _, s := range []*client.Session{alice, bob, admin} {
			f := w.await(s, ofType("message_deleted"))
			if f.MessageID != c.of.MessageID || f.Seq != ack.Seq {
				w.Errorf("deleted: %s, want %s at %d", f.Raw, c.of.MessageID, ack.Seq)
			}
		}
	}
	if got := w.history(bob, global); len(got) != 0 {
		w.Errorf("history: %+v, want nothing", got)
	}
}

func bulkDeleting(w *world) {
	alice, bob, admin := w.enter(w.as(0, "alice", "member")), w.enter(w.as(1, "bob", "member")), w.enter(w.as(2, "root", "admin"))
	for i := range 3 {
		w.say(alice, fmt.Sprintf("spam %d", i))
	}
	kept := w.say(bob, "kept")
	w.wantError(bob, client.Command{Type: "bulk_delete", ID: "b", UserID: "alice"}, "forbidden")
	ack := w.do(admin, client.Command{Type: "bulk_delete", ID: "b", UserID: "alice"})
	for _, s := range []*client.Session{alice, bob, admin} {
		f := w.await(s, ofType("bulk_delete"))
		if f.UserID != "alice" || f.DeletedCount != 3 || f.Seq != ack.Seq || f.Room != global {
			w.Errorf("bulk_delete: %s", f.Raw)
		}
	}
	if got := w.history(alice, global); len(got) != 1 || got[0].ID != kept.MessageID {
		w.Errorf("history: %+v, want bob's only", got)
	}
	late := w.say(alice, "after it")
	w.settle(late.Seq)
	if got := w.history(bob, global); len(got) != 2 || got[1].ID != late.MessageID {
		w.Errorf("history: %+v, want bob's and alice's new one", got)
	}
}

func nothingThere(w *world) {
	admin := w.enter(w.as(0, "root", "admin"))
	gone := w.say(admin, "gone")
	w.do(admin, client.Command{Type: "delete_message", ID: "d", MessageID: gone.MessageID})
	for i, id := range []string{gone.MessageID, "never"} {
		w.wantError(admin, client.Command{Type: "edit_message", ID: fmt.Sprint("e", i), MessageID: id, Message: "x"}, "not_found")
		w.wantError(admin, client.Command{Type: "delete_message", ID: fmt.Sprint("x", i), MessageID: id}, "not_found")
	}
}

// usedIDs: an ack means that this request was executed, also on another node with the same id.
func usedIDs(w *world) {
	root := w.enter(w.as(0, "root", "admin"))
	a, b := w.say(root, "a"), w.say(root, "b")
	edit := client.Command{Type: "edit_message", ID: "e", MessageID: a.MessageID, Message: "changed"}
	first := w.do(root, edit)
	again := w.enter(w.as(1, "root", "admin"))
	if ack := w.do(again, edit); !ack.Duplicate || ack.Seq != first.Seq || ack.MessageID != a.MessageID {
		w.Errorf("the retry of an edit: %s", ack.Raw)
	}
	for _, c := range []client.Command{
		{Type: "edit_message", ID: "a", MessageID: a.MessageID, Message: "x"},
		{Type: "delete_message", ID: "a", MessageID: a.MessageID},
		{Type: "bulk_delete", ID: "a", UserID: "root"},
		{Type: "edit_message", ID: "e", MessageID: b.MessageID, Message: "x"},
		{Type: "delete_message", ID: "e", MessageID: a.MessageID},
		{Type: "send_message", ID: "e", Message: "x"},
	} {
		w.wantError(again, c, "conflict")
	}
	if got := w.history(again, global); len(got) != 2 || got[0].Message != "changed" || got[1].Message != "b" {
		w.Errorf("history: %+v", got)
	}
}
