package bustest

import (
	"context"
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var deliveryRows = []row{
	{"entries are delivered once, in seq order, in their original state", deliveredOnce},
	{"rooms without subscription are not delivered", notSubscribed},
	{"a subscription is effective when Subscribe returns", subscribedAtOnce},
	{"duplicates and refused writes are not delivered", undeliveredWrites},
	{"signals of subscribed rooms and for all nodes are delivered in order", signals},
	{"Close may be called twice", closeTwice},
}

func deliveredOnce(t *testing.T, r *rig) {
	r.openSubscriber(t, "a")
	w := r.message("a", alice, "one")
	batch := []chat.Write{
		w, r.edit("a", alice, w.ID, "two"), r.edit("a", admin, w.ID, "three"), r.message("a", bob, "next"),
		r.deletion("a", alice, w.ID), r.bulkDelete("a", bob.ID),
	}
	got := r.append(t, batch...)
	one := storedMessage(w, got[0].At)
	two, three := one, one
	two.Text, two.EditedAt = "two", got[1].At
	three.Text, three.EditedAt = "three", got[2].At
	equal(t, "received entries", r.received.entries(t, "a", 6), []chat.Entry{
		{Seq: 1, Kind: chat.EntryMessage, ID: w.ID, Message: one},
		{Seq: 2, Kind: chat.EntryEdit, ID: batch[1].ID, Message: two},
		{Seq: 3, Kind: chat.EntryEdit, ID: batch[2].ID, Message: three},
		{Seq: 4, Kind: chat.EntryMessage, ID: batch[3].ID, Message: storedMessage(batch[3], got[3].At)},
		redacted(5, batch[4].ID, w.ID),
		{Seq: 6, Kind: chat.EntryBulkDelete, ID: batch[5].ID, UserID: bob.ID, Count: 1},
	})
	r.received.until(t, "the epoch of the log in all of them", func() bool {
		for _, d := range r.received.delivered["a"] {
			if d.Epoch != got[0].Epoch {
				return false
			}
		}
		return true
	})
}

func notSubscribed(t *testing.T, r *rig) {
	r.openSubscriber(t, "a", "b")
	r.append(t, r.message("a", alice, "1"), r.message("other", alice, "1"), r.message("b", alice, "1"))
	r.received.entries(t, "a", 1)
	r.received.entries(t, "b", 1)
	if err := r.Subscriber.Unsubscribe(context.Background(), "a"); err != nil {
		t.Fatalf("unsubscribe: %v", err)
	}
	r.append(t, r.message("a", alice, "2"), r.message("b", alice, "2"))
	equal(t, "entries of the room that is still subscribed", len(r.received.entries(t, "b", 2)), 2)
	r.received.until(t, "entries of subscribed rooms only", func() bool {
		return len(r.received.delivered["a"]) == 1 && len(r.received.delivered["other"]) == 0
	})
}

func subscribedAtOnce(t *testing.T, r *rig) {
	r.openSubscriber(t)
	for i := range 50 {
		room := fmt.Sprintf("room-%d", i)
		r.subscribe(t, room)
		r.mustStore(t, r.message(room, alice, "text"))
		equal(t, "received entries", len(r.received.entries(t, room, 1)), 1)
	}
}

func undeliveredWrites(t *testing.T, r *rig) {
	r.openSubscriber(t, "a")
	w := r.message("a", alice, "once")
	r.append(t, w, r.retry(w))
	r.append(t, r.retry(w), r.edit("a", bob, w.ID, "not his"), r.deletion("a", bob, "unknown"))
	r.mustStore(t, r.message("a", bob, "last"))
	got := r.received.entries(t, "a", 2)
	if len(got) != 2 || got[0].ID != w.ID || got[1].Message.Text != "last" {
		t.Fatalf("received %+v, want two messages", got)
	}
}

func signals(t *testing.T, r *rig) {
	r.openSubscriber(t, "a")
	sent := []chat.Signal{
		{Room: "a", Typing: &wire.User{ID: "u-1", Name: "One", Avatar: "x", Role: "member"}},
		{Room: "a", Presence: &wire.Counts{Guests: 1, Members: 2, Admins: 3}},
		{Room: "a", NamesRequest: []string{"auth0|1", "ada@example.org"}},
		{Room: "a", NamesReply: []wire.User{
			{ID: "auth0|1", Name: "One", Avatar: "https://example.org/1.png"}, {ID: "u-2", Name: "Two"},
		}},
		{Control: &chat.Control{Op: "disconnect", UserID: "u-2", Reason: "spam"}},
		{Probe: &chat.Probe{SentAt: 42}},
	}
	batch := append([]chat.Signal{{Room: "other", Typing: &wire.User{ID: "u-3"}}}, sent...)
	if err := r.Appender.PublishSignals(context.Background(), batch); err != nil {
		t.Fatalf("signal: %v", err)
	}
	byRoom := map[string][]chat.Signal{}
	r.received.until(t, "the signals", func() bool {
		if len(r.received.signals) < len(sent) {
			return false
		}
		for _, s := range r.received.signals {
			byRoom[s.Room] = append(byRoom[s.Room], s)
		}
		return true
	})
	equal(t, "signals of the room", byRoom["a"], sent[:4])
	equal(t, "signals for all nodes", len(byRoom[""]), 2)
	equal(t, "signals of the other room", len(byRoom["other"]), 0)
}

func closeTwice(t *testing.T, r *rig) {
	r.openSubscriber(t, "a")
	for range 2 {
		if err := r.Subscriber.Close(); err != nil {
			t.Fatalf("close subscriber: %v", err)
		}
		if err := r.Appender.Close(); err != nil {
			t.Fatalf("close appender: %v", err)
		}
	}
	if _, err := r.Appender.Append(context.Background(), []chat.Write{r.message("a", alice, "late")}); err == nil {
		t.Fatalf("append after Close succeeded")
	}
}
