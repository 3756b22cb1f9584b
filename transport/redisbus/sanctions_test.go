package redisbus_test

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// TestSanctionWithInvalidDetailsApplies: invalid details of a sanction affect neither that sanction nor the others.
func TestSanctionWithInvalidDetailsApplies(t *testing.T) {
	server := redistest.Start(t, redistest.Config{})
	store := closeOnCleanup(t, newEngine(t, server.URL(), "api-1").NewStore())
	for _, user := range []string{"ann", "eve", "zoe"} {
		must(store.Impose(ctx(t), chat.Sanction{Kind: chat.Ban, Subject: user, Reason: "spam", By: "root"}, 0))(t, "ban")
	}
	server.Do(t, "HSET", "chat:bans:details", "ban:eve", `{"reason":[}`)
	list, _, changed, err := store.ListIfChanged(ctx(t), "")
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	reasons := map[string]string{}
	for _, s := range list {
		if s.Kind == chat.Ban {
			reasons[s.Subject] = s.Reason
		}
	}
	if len(reasons) != 3 || reasons["ann"] != "spam" || reasons["eve"] != "" || reasons["zoe"] != "spam" {
		t.Errorf("banned users and reasons %v, want ann and zoe for spam, eve without reason", reasons)
	}
}
