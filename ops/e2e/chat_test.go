package e2e

import (
	"fmt"
	"time"

	"chatnode/ops/e2e/client"
)

var chatScenarios = []scenario{
	{"a message is shown to everybody as it was written", withTokens(), messageAsWritten},
	{"all see what several write at once in one order", withTokens(), oneOrder},
	{"a retry under one id gets the same ack", withTokens(), retried},
	{"what is acknowledged is in the history at once", withTokens(), readYourWrites},
	{"history is read page by page to the start", withTokens(), paged},
}

func messageAsWritten(w *world) {
	alice, bob := w.enter(w.as(0, "alice", "member")), w.enter(w.as(1, "bob", "member"))
	const text = "  <b>Grüße</b> \"quoted\"\nsecond line 👋 \u2028 end "
	const kept = "<b>Grüße</b> \"quoted\"\nsecond line 👋 \u2028 end"
	ack := w.do(alice, client.Command{Type: "send_message", ID: "m1", Message: text})
	if ack.Room != global || ack.Seq != 1 || ack.Duplicate || ack.Stored == "" {
		w.Errorf("ack: %s", ack.Raw)
	}
	for _, s := range []*client.Session{alice, bob} {
		f := w.await(s, showing(ack.MessageID))
		m := data[client.Message](w, f)
		if f.Room != global || f.Seq != ack.Seq || f.Provisional {
			w.Errorf("new_message: %s, want seq %d", f.Raw, ack.Seq)
		}
		if m.Message != kept || m.UserID != "alice" || m.UserName != "Name of alice" || m.EditedAt != "" {
			w.Errorf("message: %+v", m)
		}
		created, err := time.Parse(time.RFC3339Nano, m.CreatedAt)
		if err != nil || created.UnixMilli() != m.Timestamp || time.Since(created).Abs() > time.Minute {
			w.Errorf("createdAt %q, timestamp %d: %v", m.CreatedAt, m.Timestamp, err)
		}
	}
}

func oneOrder(w *world) {
	const each = 30
	var writers []*client.Writer
	var readers []*client.Reader
	for i := range 3 {
		readers = append(readers, w.follow(fmt.Sprintf("reader-%d", i), w.stay(i)))
		writers = append(writers, w.write(fmt.Sprintf("writer-%d", i), w.stay(i)))
	}
	w.progress(writers, each)
	w.audit(writers, readers)
}

func retried(w *world) {
	alice := w.enter(w.as(0, "alice", "member"))
	first := w.say(alice, "once")
	again := w.say(alice, "once")
	alice.Close()
	alice = w.enter(w.as(1, "alice", "member"))
	later := w.say(alice, "once")
	for _, ack := range []client.Frame{again, later} {
		if !ack.Duplicate || ack.MessageID != first.MessageID || ack.Seq != first.Seq {
			w.Errorf("retry acknowledged by %s, first by %s", ack.Raw, first.Raw)
		}
	}
	bob := w.enter(w.as(0, "bob", "member"))
	ack := w.say(bob, "once")
	if ack.Duplicate || ack.MessageID == first.MessageID {
		w.Errorf("another user's message under that id: %s", ack.Raw)
	}
	w.settle(ack.Seq)
	if got := w.history(alice, global); len(got) != 2 {
		w.Errorf("history: %d messages, want alice's and bob's: %+v", len(got), got)
	}
}

func readYourWrites(w *world) {
	alice := w.enter(w.as(0, "alice", "member"))
	for i := range 50 {
		ack := w.say(alice, fmt.Sprintf("m%d", i))
		f := w.ask(alice, client.Command{Type: "history", ID: fmt.Sprintf("h%d", i), Room: global, Limit: 1})
		page := data[[]client.Message](w, f)
		if len(page) != 1 || page[0].ID != ack.MessageID {
			w.Fatalf("after %s the newest message is %s", ack.Raw, f.Raw)
		}
	}
}

func paged(w *world) {
	const n = 57
	alice := w.enter(w.as(0, "alice", "member"))
	var ids []string
	for i := range n {
		ids = append(ids, w.say(alice, fmt.Sprintf("m%d", i)).MessageID)
	}
	w.do(alice, client.Command{Type: "edit_message", ID: "e", MessageID: ids[3], Message: "edited"})
	w.settle(w.do(alice, client.Command{Type: "delete_message", ID: "d", MessageID: ids[20]}).Seq)
	ctx, cancel := w.within()
	defer cancel()
	got, err := w.enter(w.as(1, "bob", "member")).History(ctx, global, 10)
	if err != nil {
		w.Fatal(err)
	}
	want := append(ids[:20:20], ids[21:]...)
	if len(got) != len(want) {
		w.Fatalf("%d messages, want %d", len(got), len(want))
	}
	for i, m := range got {
		if m.ID != want[i] || i > 0 && m.Seq <= got[i-1].Seq {
			w.Errorf("message %d is %s at %d, want %s", i, m.ID, m.Seq, want[i])
		}
	}
	if got[3].Message != "edited" || got[3].EditedAt == "" || got[4].EditedAt != "" {
		w.Errorf("edited: %+v, not edited: %+v", got[3], got[4])
	}
}
