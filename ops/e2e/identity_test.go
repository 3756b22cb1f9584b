package e2e

import (
	"net/http"
	"net/url"
	"time"

	"chatnode/ops/e2e/client"
)

var identityScenarios = []scenario{
	{"guests read and do not write where tokens are configured", withTokens(), guestsRead},
	{"guests stay out where they are not wanted", withTokens("GUEST_ACCESS", "off"), guestsOut},
	{"guests write where nothing is configured", nil, guestsWrite},
	{"a token comes by header, cookie, subprotocol or query", withTokens("GUEST_ACCESS", "off"), fourWays},
	{"a token that is expired, forged or no token is refused", withTokens(), badTokens},
	{"a page of a foreign origin is refused", nil, foreignOrigin},
}

func guestsRead(w *world) {
	alice, guest := w.enter(w.as(0, "alice", "member")), w.enter(w.dial(1))
	for s, want := range map[*client.Session]bool{alice: false, guest: true} {
		if got := s.Seen()[0].ReadOnly; got != want {
			w.Errorf("readOnly is %t, want %t: %s", got, want, s.Seen()[0].Raw)
		}
	}
	posted := w.say(alice, "for all to read")
	w.await(guest, showing(posted.MessageID))
	w.wantError(guest, client.Command{Type: "send_message", ID: "g1", Message: "me too"}, "read_only")
	w.wantError(guest, client.Command{Type: "edit_message", ID: "g2", MessageID: posted.MessageID, Message: "x"}, "read_only")
	w.wantError(guest, client.Command{Type: "delete_message", ID: "g3", MessageID: posted.MessageID}, "read_only")
	if got := w.history(guest, global); len(got) != 1 || got[0].Message != "for all to read" {
		w.Errorf("history: %+v", got)
	}
}

func guestsOut(w *world) {
	if r := w.refused(w.dial(0)); r.Status != http.StatusUnauthorized {
		w.Errorf("a guest: %v, want 401", r)
	}
	w.alive(w.enter(w.as(0, "alice", "member")))
}

func guestsWrite(w *world) {
	one, two := w.enter(w.dial(0)), w.enter(w.dial(1))
	w.await(two, showing(w.say(one, "hello").MessageID))
	if a, b := one.Seen()[0].UserID, two.Seen()[0].UserID; a == b {
		w.Errorf("two guests are both %s", a)
	}
}

func fourWays(w *world) {
	token := client.Token(secret, client.Claim{Sub: "alice", Role: "admin", ExpiresIn: time.Hour})
	for name, change := range map[string]func(d *client.Dial){
		"header":      func(d *client.Dial) { d.Token = token },
		"cookie":      func(d *client.Dial) { d.Header = http.Header{"Cookie": {"chat_session=" + token}} },
		"subprotocol": func(d *client.Dial) { d.Header = http.Header{"Sec-Websocket-Protocol": {"bearer." + token}} },
		"query":       func(d *client.Dial) { d.Query = url.Values{"token": {token}} },
	} {
		d := w.dial(0)
		change(&d)
		c := w.await(w.open(d), ofType("connected"))
		if c.UserID != "alice" || c.Role != "admin" {
			w.Errorf("by %s: %s", name, c.Raw)
		}
	}
}

func badTokens(w *world) {
	for name, token := range map[string]string{
		"expired": client.Token(secret, client.Claim{Sub: "alice", ExpiresIn: -time.Minute}),
		"forged":  client.Token("another secret of more than 32 characters", client.Claim{Sub: "alice", ExpiresIn: time.Hour}),
		"nobody":  client.Token(secret, client.Claim{ExpiresIn: time.Hour}),
		"king":    client.Token(secret, client.Claim{Sub: "alice", Role: "king", ExpiresIn: time.Hour}),
		"no JWT":  "letmein",
	} {
		d := w.dial(0)
		d.Token = token
		if r := w.refused(d); r.Status != http.StatusUnauthorized {
			w.Errorf("%s: %v, want 401", name, r)
		}
	}
}

func foreignOrigin(w *world) {
	d := w.dial(0)
	d.Header = http.Header{"Origin": {"https://evil.example"}}
	if r := w.refused(d); r.Status != http.StatusForbidden {
		w.Errorf("a foreign origin: %v, want 403", r)
	}
	d.Header = http.Header{"Origin": {"http://" + d.Addr}}
	w.alive(w.enter(d))
}
