package node

import (
	"net/url"
	"testing"

	"chatnode/transport/redistest"
)

// providerIDs are user ids of identity providers, and ids that are difficult to encode.
var providerIDs = []string{
	"auth0|507f1f77bcf86cd799439011", "google-oauth2|103547991597142817347", "https://idp.example.org/users/7?tenant=a&b=%2F#me",
	"ada@example.org", "CN=Ada Lovelace,OU=Engines", `DOMAIN\ada`, `"><script>`, "jürgen@firma.de", "a/../b", "x'; DROP TABLE users; --",
}

// TestUsersOfIdentityProviders expects that users with these ids can chat, are counted and can be moderated, on one
// node and on two.
func TestUsersOfIdentityProviders(t *testing.T) {
	t.Run("one node", func(t *testing.T) {
		r := startAPI(t, "RATE_LIMIT=off")
		for _, id := range providerIDs {
			checkUserLifecycle(t, id, r, r)
		}
	})
	t.Run("two nodes", func(t *testing.T) {
		a, b := twoNodes(t, redistest.Start(t, redistest.Config{}))
		for _, id := range providerIDs {
			checkUserLifecycle(t, id, a, b)
		}
	})
}

// checkUserLifecycle connects a user to one node and moderates the user through another.
func checkUserLifecycle(t *testing.T, id string, home, other *apiRig) {
	t.Helper()
	path := "/users/" + url.PathEscape(id)
	s := home.join(t, id, "member", "lobby")
	s.send(t, `{"type":"send_message","id":"1","message":"hi"}`)
	message, _ := s.await(t, "ack")["messageId"].(string)
	s.send(t, `{"type":"edit_message","id":"2","messageId":"`+message+`","message":"ho"}`)
	if f := s.await(t, "message_updated"); f["data"].(map[string]any)["userId"] != id {
		t.Errorf("%q: the edit was received as %v", id, f)
	}
	eventually(t, id+" is present", func() bool { return other.isPresent(t, id) })

	other.want(t, 200, "PUT", path+"/mute", `{"reason":"noise"}`)
	eventually(t, id+" is muted", func() bool {
		s.send(t, `{"type":"edit_message","messageId":"`+message+`","message":"psst"}`)
		return s.await(t, "error", "ack", "throttled")["code"] == "muted"
	})
	other.want(t, 204, "DELETE", path+"/mute", "")
	if got := other.want(t, 200, "DELETE", "/rooms/lobby"+path+"/messages", ""); got.fields["seq"] == nil {
		t.Errorf("%q: bulk delete: %s", id, got.body)
	}
	if f := s.await(t, "bulk_delete"); f["userId"] != id || f["deletedCount"] != 1.0 {
		t.Errorf("%q: %v", id, f)
	}
	eventually(t, "both nodes are subscribed", func() bool {
		return other.call(t, "POST", path+"/disconnect", `{"reason":"bye"}`).status == 204
	})
	if code, reason := s.awaitClose(t); code != 1008 || reason != "bye" {
		t.Errorf("%q was closed with %d %q", id, code, reason)
	}
	other.want(t, 200, "PUT", path+"/ban", `{"reason":"spam"}`)
	eventually(t, id+" is banned", func() bool { _, banned := home.core.Banned(id); return banned })
	home.wantRejected(t, id, "banned: spam")
	if audit := other.logs.lines(map[string]any{"message": "audit", "act": "ban", "target": id}); len(audit) != 1 {
		t.Errorf("%q: audited as %v", id, audit)
	}
	other.want(t, 204, "DELETE", path+"/ban", "")
}

// isPresent reports whether the roster contains the user. It requests pages of one user.
func (r *apiRig) isPresent(t *testing.T, id string) bool {
	t.Helper()
	cursor := ""
	for {
		page := r.want(t, 200, "GET", "/rooms/lobby/presence?limit=1&cursor="+url.QueryEscape(cursor), "")
		for _, u := range page.fields["users"].([]any) {
			if u.(map[string]any)["userId"] == id {
				return true
			}
		}
		if cursor, _ = page.fields["next"].(string); cursor == "" {
			return false
		}
	}
}

func TestInvalidUserIDs(t *testing.T) {
	r := startAPI(t)
	for _, id := range []string{"a\nb", "a\x00b", " a", "a ", "\xff", "a\u202eb", "a\u200bb"} {
		if got := r.want(t, 400, "PUT", "/users/"+url.PathEscape(id)+"/ban", `{"reason":"x"}`); got.fields["code"] != "bad_field" {
			t.Errorf("%q: %s", id, got.body)
		}
	}
	root := r.join(t, "root", "admin", "lobby")
	root.send(t, `{"type":"bulk_delete","id":"1","userId":"a\u0000b"}`)
	if f := root.await(t, "error", "ack"); f["code"] != "bad_field" {
		t.Errorf("bulk delete for an invalid user id: %v", f)
	}
}

// The roster has the names of all users, on both nodes and in both directions.
func TestRosterNamesUsersOfOtherNodes(t *testing.T) {
	a, b := twoNodes(t, redistest.Start(t, redistest.Config{}))
	ada, bob := a.join(t, "ada", "member", "lobby"), b.join(t, "bob", "member", "lobby")
	for name, r := range map[string]*apiRig{"the first node": a, "the second node": b} {
		eventually(t, name+" has both names", func() bool {
			page := r.want(t, 200, "GET", "/rooms/lobby/presence", "").fields["users"].([]any)
			return len(page) == 2 && hasName(page[0], "ada") && hasName(page[1], "bob")
		})
	}
	for _, s := range []*apiSocket{ada, bob} {
		s.send(t, `{"type":"who","id":"w"}`)
		if data := s.await(t, "roster")["data"].([]any); len(data) != 2 || !hasName(data[0], "ada") || !hasName(data[1], "bob") {
			t.Errorf("roster: %v", data)
		}
	}
}

// hasName reports whether a user in a roster has this id, and the name that dial sets.
func hasName(user any, id string) bool {
	u, _ := user.(map[string]any)
	return u["userId"] == id && u["userName"] == id
}
