package web

import (
	"net/http"
	"testing"

	"chatnode/actors/wire"
)

// Tokens with the format of a JWT. The fake chat does not verify signatures.
const (
	oldToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvbGQifQ.c2ln"
	newToken = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJuZXcifQ.c2ln"
)

// authScenes test sign-in, sign-out and expired tokens.
func authScenes() []scene {
	return []scene{
		{"a token is sent as a subprotocol and stored in the tab", signsIn},
		{"4401 asks for a token, then resumes", reauthenticates},
		{"401 before the upgrade asks for a token", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(1)
			page.waitState("online")
			chat.refuse.Store(http.StatusUnauthorized)
			p.close(wire.CloseInternal, "")
			page.waitState("unauthorized")
			page.Wait(`document.querySelector("#sign-in").open`, "true")
			chat.refuse.Store(0)
			page.Click("#guest-button")
			chat.accept()
		}},
		{"403 before the upgrade stops and shows the server's reason", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(1)
			page.waitState("online")
			chat.refuse.Store(http.StatusForbidden)
			p.close(wire.CloseInternal, "")
			page.waitState("stopped")
			page.Wait(`document.querySelector("#banner div").textContent`, "banned: spam")
		}},
		{"a rejection without a reason asks for another token if the token is new", func(_ *testing.T, chat *fakeChat, page page) {
			chat.acceptAda(0)
			page.waitState("online")
			chat.refuse.Store(http.StatusUpgradeRequired)
			page.Click("#session-button")
			page.signIn(newToken)
			page.waitState("unauthorized")
			chat.refuse.Store(0)
			page.signIn(oldToken)
			chat.acceptAda(0)
			page.waitState("online")
		}},
		{"an expiring session is refreshed without a reconnect", refreshesToken},
		{"the dialog rejects an invalid token", func(t *testing.T, chat *fakeChat, page page) {
			chat.acceptAda(0)
			page.Click("#session-button")
			page.Type("#token-input", "nonsense")
			page.Click("#sign-in-submit")
			page.Wait(`document.querySelector("#sign-in-error").textContent.length > 0 && document.querySelector("#sign-in").open`, "true")
		}},
		{"the error read_only locks the message box", func(_ *testing.T, chat *fakeChat, page page) {
			p := chat.acceptAda(0)
			page.sendText("hello")
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
	p := chat.acceptAda(0)
	if p.offeredToken() != "" {
		t.Errorf("a guest offered the token %q", p.offeredToken())
	}
	page.Click("#session-button")
	page.signIn(newToken)
	p.waitClosed()
	p = chat.acceptAda(0)
	if p.offeredToken() != newToken {
		t.Errorf("offered %q, want the new token", p.offeredToken())
	}
	page.waitState("online")
	if got := page.Eval(`Object.values(sessionStorage).includes("` + newToken + `") && !JSON.stringify(localStorage).includes("eyJ")`); got != "true" {
		t.Error("the token is not stored in sessionStorage only")
	}
	page.Wait(`document.querySelector("#session-button").textContent`, "Sign out")
	page.Click("#session-button")
	if p = chat.acceptAda(0); p.offeredToken() != "" {
		t.Errorf("offered %q after signing out", p.offeredToken())
	}
}

func reauthenticates(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(1)
	page.waitState("online")
	p.close(wire.CloseUnauthorized, "token expired")
	page.waitState("unauthorized")
	page.signIn(newToken)
	p = chat.accept()
	if p.offeredToken() != newToken || p.request.URL.Query().Get("since") != "1" {
		t.Errorf("reconnected with token %q and query %v", p.offeredToken(), p.request.URL.Query())
	}
	p.sendConnected()
	p.sendResumed("", "global", 1, 1)
	page.waitState("online")
	page.waitMessages("message 1")
}

func refreshesToken(t *testing.T, chat *fakeChat, page page) {
	p := chat.acceptAda(0)
	page.waitState("online")
	p.send(wire.AppendAuthExpiring(nil, 60_000))
	page.Click("#toasts .toast .link-button")
	page.signIn(oldToken)
	auth := p.expect(wire.Auth)
	if auth.Token != oldToken {
		t.Errorf("refreshed with token %q, want %q", auth.Token, oldToken)
	}
	p.send(wire.AppendAck(nil, &wire.Ack{ID: auth.ID}))
	p.sendBobMessage(1)
	page.waitMessages("message 1")
}
