package auth

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

func TestIdentifyByToken(t *testing.T) {
	token := mint(t, Subject{UserID: "ann", Role: "admin"}, time.Hour)
	a := NewAuthenticator(secretVerifier(t, nil), GuestsWrite)
	g, err := a.Identify(request("/chat", "Sec-WebSocket-Protocol: chat, bearer."+token))
	if err != nil || g.Identity.UserID != "ann" || g.Identity.Role != chat.RoleAdmin || g.Source != FromProtocol || g.Subprotocol != "chat" || g.Cookie != nil {
		t.Errorf("result %+v, error %v", g, err)
	}
	if id, err := a.Verify(token); err != nil || id != g.Identity {
		t.Errorf("Verify: %+v, error %v", id, err)
	}
}

func TestInvalidTokenIsNotGuest(t *testing.T) {
	a := NewAuthenticator(secretVerifier(t, nil), GuestsWrite)
	old, err := Mint(testSecret, Subject{UserID: "u"}, time.Now().Add(-time.Hour), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Identify(request("/chat", "Cookie: chat_session="+old)); !errors.Is(err, ErrExpired) {
		t.Errorf("expired cookie: error %v", err)
	}
	if _, err := a.Identify(request("/chat?token=x")); !errors.Is(err, ErrMalformed) {
		t.Errorf("invalid token: error %v", err)
	}
}

// TestEmptyTokenIsNotGuest: a client with an empty token, for example a script with an unset variable, gets an error
// and no guest identity.
func TestEmptyTokenIsNotGuest(t *testing.T) {
	a := NewAuthenticator(secretVerifier(t, nil), GuestsWrite)
	for _, r := range []*http.Request{
		request("/chat", "Authorization: Bearer "),
		request("/chat", "Sec-WebSocket-Protocol: bearer."),
		request("/chat?token="),
	} {
		if g, err := a.Identify(r); !errors.Is(err, ErrMalformed) {
			t.Errorf("%v %v: result %+v, error %v", r.URL, r.Header, g, err)
		}
	}
	if _, err := NewAuthenticator(nil, GuestsWrite).Identify(request("/chat", "Authorization: Bearer ")); !errors.Is(err, ErrNotConfigured) {
		t.Errorf("without a verifier: error %v", err)
	}
}

func TestGuestAccess(t *testing.T) {
	for access, want := range map[GuestAccess]error{GuestsOff: ErrMissing, GuestsRead: nil, GuestsWrite: nil, "": ErrMissing} {
		g, err := NewAuthenticator(nil, access).Identify(request("/chat"))
		if !errors.Is(err, want) || g.Identity.ReadOnly != (access == GuestsRead) {
			t.Errorf("access %q: result %+v, error %v", access, g, err)
		}
	}
}

func TestNoVerifierIgnoresCookieOnly(t *testing.T) {
	a := NewAuthenticator(nil, GuestsWrite)
	if g, err := a.Identify(request("/chat", "Cookie: chat_session=abc")); err != nil || g.Source != SourceNone {
		t.Errorf("result %+v, error %v", g, err)
	}
	if _, err := a.Identify(request("/chat", "Authorization: Bearer abc")); !errors.Is(err, ErrNotConfigured) {
		t.Error(err)
	}
	if _, err := a.Verify("abc"); !errors.Is(err, ErrNotConfigured) {
		t.Error(err)
	}
}

func TestGuestCookieKeepsIdentity(t *testing.T) {
	a := NewAuthenticator(nil, GuestsWrite)
	first, err := a.Identify(request("/chat"))
	if err != nil || first.Cookie == nil {
		t.Fatalf("result %+v, error %v", first, err)
	}
	c := first.Cookie
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge != 365*24*3600 || c.Secure || c.Valid() != nil {
		t.Errorf("wrong cookie %v", c)
	}
	again, err := a.Identify(request("/chat", "Cookie: "+GuestCookie+"="+c.Value))
	if err != nil || again.Identity != first.Identity || again.Cookie != nil {
		t.Errorf("second request: %+v, error %v, want %+v", again, err, first)
	}
	other, err := a.Identify(request("/chat", "Cookie: "+GuestCookie+"=forged"))
	if err != nil || other.Identity.UserID == first.Identity.UserID || other.Cookie == nil {
		t.Errorf("result %+v, error %v", other, err)
	}
	id := first.Identity
	if !wire.ValidID(id.UserID) || strings.Contains(id.UserID, c.Value) || len(id.UserName) != len("Guest ABCD") || id.Role != chat.RoleGuest {
		t.Errorf("wrong guest %+v", id)
	}
	// The public id is not accepted as a cookie.
	thief, err := a.Identify(request("/chat", "Cookie: "+GuestCookie+"="+strings.TrimPrefix(id.UserID, guestPrefix)))
	if err != nil || thief.Identity.UserID == id.UserID {
		t.Errorf("result %+v, error %v", thief, err)
	}
}

func TestGuestCookieIsSecureBehindTLS(t *testing.T) {
	g, err := NewAuthenticator(nil, GuestsWrite).Identify(request("/chat", "X-Forwarded-Proto: https"))
	if err != nil || !g.Cookie.Secure {
		t.Errorf("result %+v, error %v", g, err)
	}
}

func TestErrorsAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Errors() {
		if seen[e.Reason] || e.Reason == "" || !strings.HasSuffix(e.Error(), ".") || (e.Status != http.StatusUnauthorized && e.Status != http.StatusServiceUnavailable) {
			t.Errorf("%+v", e)
		}
		seen[e.Reason] = true
	}
}
