package web

import (
	"net/http"
	"testing"

	"chatnode/actors/wire"
)

// Tokens as a page takes them; nobody checks the signature here.
const (
	oldToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvbGQifQ.c2ln"
	newToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJuZXcifQ.c2ln"
)

// authScenes: who the user is, and how they become somebody else.
func authScenes() []scene {
	return []scene{
		{"a token goes out as a subprotocol and stays in the tab", signsIn},
		{"4401 asks for a token, then goes on", reauthenticates},
		{"401 before the upgrade asks for a token", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(1)
			page.state("online")
			chat.refuse.Store(http.StatusUnauthorized)
			p.end(wire.CloseInternal, "")
			page.state("unauthorized")
			page.Wait(`document.querySelector("#sign-in").open`, "true")
			chat.refuse.Store(0)
			page.Click("#guest-button")
			chat.accept()
		}},
		{"403 before the upgrade stops, in the server's words", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(1)
			page.state("online")
			chat.refuse.Store(http.StatusForbidden)
			p.end(wire.CloseInternal, "")
			page.state("stopped")
			page.Wait(`document.querySelector("#banner div").textContent`, "banned: spam")
		}},
		{"a refusal that does not say why is laid to a token never taken before", func(_ *testing.T, chat *fakeChat, page page) {
			chat.greeted(0)
			page.state("online")
			chat.refuse.Store(http.StatusUpgradeRequired)
			page.Click("#session-button")
			page.signIn(newToken)
			page.state("unauthorized")
			chat.refuse.Store(0)
			page.signIn(oldToken)
			chat.greeted(0)
			page.state("online")
		}},
		{"a session that is about to expire is refreshed in place", refreshes},
		{"a token that cannot be one is refused by the dialog", func(t *testing.T, chat *fakeChat, page page) {
			chat.greeted(0)
			page.Click("#session-button")
			page.Type("#token-input", "nonsense")
			page.Click("#sign-in-submit")
			page.Wait(`document.querySelector("#sign-in-error").textContent.length > 0 && document.querySelector("#sign-in").open`, "true")
		}},
		{"who may only read is told so", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.greeted(0)
			page.write("hello")
			p.send(wire.AppendError(nil, p.expect(wire.SendMessage).ID, wire.CodeReadOnly, 0))
			page.Wait(`document.querySelector("#composer-input").readOnly`, "true")
		}},
	}
}

func (p page) signIn(token string) {
	p.Wait(`document.querySelector("#sign-in").open`, "true")
	p.Type("#token-input", token)
	p.Click("#sign-in-submit")
}

func signsIn(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	if p.bearer() != "" {
		t.Errorf("a guest offers the token %q", p.bearer())
	}
	page.Click("#session-button")
	page.signIn(newToken)
	p.closed()
	p = chat.greeted(0)
	if p.bearer() != newToken {
		t.Errorf("offers %q", p.bearer())
	}
	page.state("online")
	if got := page.Eval(`Object.values(sessionStorage).includes("` + newToken + `") && !JSON.stringify(localStorage).includes("eyJ")`); got != "true" {
		t.Error("the token is not kept in the tab alone")
	}
	page.Wait(`document.querySelector("#session-button").textContent`, "Sign out")
	page.Click("#session-button")
	if p = chat.greeted(0); p.bearer() != "" {
		t.Errorf("signed out, but offers %q", p.bearer())
	}
}

func reauthenticates(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(1)
	page.state("online")
	p.end(wire.CloseUnauthorized, "token expired")
	page.state("unauthorized")
	page.signIn(newToken)
	p = chat.accept()
	if p.bearer() != newToken || p.request.URL.Query().Get("since") != "1" {
		t.Errorf("came back with %q at %v", p.bearer(), p.request.URL.Query())
	}
	p.connected()
	p.resumed("", "global", 1, 1)
	page.state("online")
	page.shows("message 1")
}

func refreshes(t *testing.T, chat *fakeChat, page page) {
	p := chat.greeted(0)
	page.state("online")
	p.send(wire.AppendAuthExpiring(nil, 60_000))
	page.Click("#toasts .toast .link-button")
	page.signIn(oldToken)
	auth := p.expect(wire.Auth)
	if auth.Token != oldToken {
		t.Errorf("refreshed with %q", auth.Token)
	}
	p.send(wire.AppendAck(nil, &wire.Ack{ID: auth.ID}))
	p.message(1)
	page.shows("message 1")
}
