package redisbus_test

import (
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/redistest"
)

// A sanction whose details somebody has spoiled holds all the same, and so do all others.
func TestASpoiledSanctionHolds(t *testing.T) {
	server := redistest.Start(t, redistest.Config{})
	store := closing(t, node(t, server.URL(), "api-1").Store())
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
		t.Errorf("banned are %v", reasons)
	}
}
