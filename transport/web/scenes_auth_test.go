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
		{"401 before the upgrade asks for a token", func(_ *testing.T, chat *fakeChat, page *tab) {
			p := chat.greeted(1)
			page.state("online")
			chat.refuse.Store(http.StatusUnauthorized)
			p.end(wire.CloseInternal, "")
			page.state("unauthorized")
			page.wait(`document.querySelector("#sign-in").open`, "true")
			chat.refuse.Store(0)
			page.click("#guest-button")
			chat.accept()
		}},
		{"a refusal that does not say why is laid to a token never taken before", func(_ *testing.T, chat *fakeChat, page *tab) {
			chat.greeted(0)
			page.state("online")
			chat.refuse.Store(http.StatusUpgradeRequired)
			page.click("#session-button")
			page.signIn(newToken)
			page.state("unauthorized")
			chat.refuse.Store(0)
			page.signIn(oldToken)
			chat.greeted(0)
			page.state("online")
		}},
		{"a session that is about to expire is refreshed in place", refreshes},
		{"a token that cannot be one is refused by the dialog", func(t *testing.T, chat *fakeChat, page *tab) {
			chat.greeted(0)
			page.click("#session-button")
			page.run(sendKeys("#token-input", "nonsense"))
			page.click("#sign-in-submit")
			page.wait(`document.querySelector("#sign-in-error").textContent.length > 0 && document.querySelector("#sign-in").open`, "true")
		}},
		{"who may only read is told so", func(_ *testing.T, chat *fakeChat, page *tab) {
			p := chat.greeted(0)
			page.write("hello")
			p.send(wire.AppendError(nil, p.expect(wire.SendMessage).ID, wire.CodeReadOnly, 0))
			page.wait(`document.querySelector("#composer-input").readOnly`, "true")
		}},
	}
}

func (p *tab) signIn(token string) {
	p.t.Helper()
	p.wait(`document.querySelector("#sign-in").open`, "true")
	p.run(sendKeys("#token-input", token))
	p.click("#sign-in-submit")
}

func signsIn(t *testing.T, chat *fakeChat, page *tab) {
	p := chat.greeted(0)
	if p.bearer() != "" {
		t.Errorf("a guest offers the token %q", p.bearer())
	}
	page.click("#session-button")
	page.signIn(newToken)
	p.closed()
	p = chat.greeted(0)
	if p.bearer() != newToken {
		t.Errorf("offers %q", p.bearer())
	}
	page.state("online")
	if got := page.eval(`Object.values(sessionStorage).includes("` + newToken + `") && !JSON.stringify(localStorage).includes("eyJ")`); got != "true" {
		t.Error("the token is not kept in the tab alone")
	}
	page.wait(`document.querySelector("#session-button").textContent`, "Sign out")
	page.click("#session-button")
	if p = chat.greeted(0); p.bearer() != "" {
		t.Errorf("signed out, but offers %q", p.bearer())
	}
}

func reauthenticates(t *testing.T, chat *fakeChat, page *tab) {
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

func refreshes(t *testing.T, chat *fakeChat, page *tab) {
	p := chat.greeted(0)
	page.state("online")
	p.send(wire.AppendAuthExpiring(nil, 60_000))
	page.click("#toasts .toast .link-button")
	page.signIn(oldToken)
	auth := p.expect(wire.Auth)
	if auth.Token != oldToken {
		t.Errorf("refreshed with %q", auth.Token)
	}
	p.send(wire.AppendAck(nil, &wire.Ack{ID: auth.ID}))
	p.message(1)
	page.shows("message 1")
}
