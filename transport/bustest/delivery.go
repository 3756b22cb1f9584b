package bustest

import (
	"context"
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var deliveryRows = []row{
	{"what is stored is heard once, in seq order, as it stood then", heardOnce},
	{"a room that is not subscribed is not heard", notSubscribed},
	{"a subscription is effective when Subscribe returns", subscribedAtOnce},
	{"repetitions and refusals are not heard", repetitionsUnheard},
	{"signals of subscribed rooms and of all nodes are heard in order", signals},
	{"Close may come twice", closeTwice},
}

func heardOnce(t *testing.T, r *rig) {
	r.listen(t, "a")
	w := r.say("a", alice, "one")
	batch := []chat.Write{w, r.edit("a", alice, w.ID, "two"), r.edit("a", admin, w.ID, "three"), r.say("a", bob, "next"), r.drop("a", alice, w.ID), r.purge("a", bob.ID)}
	got := r.append(t, batch...)
	one := written(w, got[0].At)
	two, three := one, one
	two.Text, two.EditedAt = "two", got[1].At
	three.Text, three.EditedAt = "three", got[2].At
	equal(t, "what was heard", r.heard.entries(t, "a", 6), []chat.Entry{
		{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: one},
		{Seq: 2, Kind: chat.EntryEdit, ID: batch[1].ID, Message: two},
		{Seq: 3, Kind: chat.EntryEdit, ID: batch[2].ID, Message: three},
		{Seq: 4, Kind: chat.EntryMessage, ID: batch[3].ID, Message: written(batch[3], got[3].At)},
		gone(5, batch[4].ID, w.ID),
		{Seq: 6, Kind: chat.EntryBulkDelete, ID: batch[5].ID, UserID: bob.ID, Count: 1},
	})
	r.heard.until(t, "the log's epoch in all of them", func() bool {
		for _, d := range r.heard.delivered["a"] {
			if d.Epoch != got[0].Epoch {
				return false
			}
		}
		return true
	})
}

func notSubscribed(t *testing.T, r *rig) {
	r.listen(t, "a", "b")
	r.append(t, r.say("a", alice, "1"), r.say("other", alice, "1"), r.say("b", alice, "1"))
	r.heard.entries(t, "a", 1)
	r.heard.entries(t, "b", 1)
	if err := r.Subscriber.Unsubscribe(context.Background(), "a"); err != nil {
		t.Fatalf("unsubscribe: %v", err)
	}
	r.append(t, r.say("a", alice, "2"), r.say("b", alice, "2"))
	equal(t, "entries of the room that stays subscribed", len(r.heard.entries(t, "b", 2)), 2)
	r.heard.until(t, "only what was subscribed", func() bool {
		return len(r.heard.delivered["a"]) == 1 && len(r.heard.delivered["other"]) == 0
	})
}

func subscribedAtOnce(t *testing.T, r *rig) {
	r.listen(t)
	for i := range 50 {
		room := fmt.Sprintf("room-%d", i)
		r.subscribe(t, room)
		r.stored(t, r.say(room, alice, "text"))
		equal(t, "entries heard", len(r.heard.entries(t, room, 1)), 1)
	}
}

func repetitionsUnheard(t *testing.T, r *rig) {
	r.listen(t, "a")
	w := r.say("a", alice, "once")
	r.append(t, w, r.again(w))
	r.append(t, r.again(w), r.edit("a", bob, w.ID, "not his"), r.drop("a", bob, "unknown"))
	r.stored(t, r.say("a", bob, "last"))
	got := r.heard.entries(t, "a", 2)
	if len(got) != 2 || got[0].ID != w.ID || got[1].Message.Text != "last" {
		t.Fatalf("heard %+v, want two messages", got)
	}
}

func signals(t *testing.T, r *rig) {
	r.listen(t, "a")
	sent := []chat.Signal{
		{Room: "a", Typing: &wire.User{ID: "u-1", Name: "One", Avatar: "x", Role: "member"}},
		{Room: "a", Presence: &wire.Counts{Guests: 1, Members: 2, Admins: 3}},
		{Room: "a", NamesRequest: []string{"auth0|1", "ada@example.org"}},
		{Room: "a", NamesReply: []wire.User{{ID: "auth0|1", Name: "One", Avatar: "https://example.org/1.png"}, {ID: "u-2", Name: "Two"}}},
		{Control: &chat.Control{Op: "disconnect", UserID: "u-2", Reason: "spam"}},
		{Probe: &chat.Probe{SentAt: 42}},
	}
	batch := append([]chat.Signal{{Room: "other", Typing: &wire.User{ID: "u-3"}}}, sent...)
	if err := r.Appender.PublishSignals(context.Background(), batch); err != nil {
		t.Fatalf("signal: %v", err)
	}
	sorted := map[string][]chat.Signal{}
	r.heard.until(t, "the signals", func() bool {
		if len(r.heard.signals) < len(sent) {
			return false
		}
		for _, s := range r.heard.signals {
			sorted[s.Room] = append(sorted[s.Room], s)
		}
		return true
	})
	equal(t, "signals of the room", sorted["a"], sent[:4])
	equal(t, "signals to all nodes", len(sorted[""]), 2)
	equal(t, "signals of the other room", len(sorted["other"]), 0)
}

func closeTwice(t *testing.T, r *rig) {
	r.listen(t, "a")
	for range 2 {
		if err := r.Subscriber.Close(); err != nil {
			t.Fatalf("close the subscriber: %v", err)
		}
		if err := r.Appender.Close(); err != nil {
			t.Fatalf("close the appender: %v", err)
		}
	}
	if _, err := r.Appender.Append(context.Background(), []chat.Write{r.say("a", alice, "late")}); err == nil {
		t.Fatalf("append after Close succeeded")
	}
}
