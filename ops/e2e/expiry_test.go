package e2e

import (
	"time"

	"chatnode/ops/e2e/client"
)

var expiryScenarios = []scenario{
	{"a session ends with 4401 when its token does", withTokens(), tokenEnds},
	{"a session lives on with a fresh token", withTokens(), tokenRefreshed},
}

// shortLife is the life of a token in these scenarios. The node may add a leeway for clocks.
const shortLife = 2 * time.Second

// short connects alice with a token that expires soon.
func (w *world) short() *client.Session {
	d := w.dial(0)
	d.Token = client.Token(secret, client.Claim{Sub: "alice", Role: "member", ExpiresIn: shortLife})
	return w.enter(d)
}

func tokenEnds(w *world) {
	s := w.short()
	if f := w.await(s, ofType("auth_expiring")); f.InMs < 0 {
		w.Errorf("auth_expiring: %s", f.Raw)
	}
	w.wantClose(s, 4401)
}

func tokenRefreshed(w *world) {
	stale, s := w.short(), w.short()
	w.wantError(s, client.Command{Type: "auth", ID: "a0", Token: "no token"}, "unauthorized")
	w.wantError(s, client.Command{
		Type: "auth", ID: "a1", Token: client.Token(secret, client.Claim{Sub: "bob", Role: "member", ExpiresIn: time.Hour}),
	}, "unauthorized")
	w.do(s, client.Command{
		Type: "auth", ID: "a2", Token: client.Token(secret, client.Claim{Sub: "alice", Role: "member", ExpiresIn: time.Hour}),
	})
	w.wantClose(stale, 4401) // so the first token has expired for s too
	w.alive(s)
	w.say(s, "still here")
}
