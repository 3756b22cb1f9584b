package auth

import (
	"net/http"

	"chatnode/actors/chat"
)

// Result is the result of Identify.
type Result struct {
	Identity    chat.Identity
	Source      Source       // place of the token in the request; SourceNone for guests
	Subprotocol string       // for Sec-WebSocket-Protocol of the response; empty: none
	Cookie      *http.Cookie // for the response; nil: none
}

// Authenticator determines the identity of the client of a request.
type Authenticator struct {
	verifier *Verifier // nil: tokens are not accepted
	guests   GuestAccess
	stats    *Stats
}

// NewAuthenticator returns an Authenticator. If verifier is nil, all clients are guests. If guests is not one of the
// GuestAccess constants, guests are rejected.
func NewAuthenticator(verifier *Verifier, guests GuestAccess) *Authenticator {
	return &Authenticator{verifier, guests, newStats()}
}

// Stats returns the counters of rejections.
func (a *Authenticator) Stats() *Stats { return a.stats }

// Identify returns the identity of the client of r. An invalid token is an error, even if guests are accepted. A
// cookie is ignored if there is no verifier, because it may belong to another application on the same host. The error
// is one of the Errors of this package.
func (a *Authenticator) Identify(r *http.Request) (Result, error) {
	c := Extract(r)
	result := Result{Source: c.Source, Subprotocol: c.Subprotocol}
	var err error
	switch {
	case c.Source == SourceNone, a.verifier == nil && c.Source == FromCookie:
		result.Source = SourceNone
		result.Identity, result.Cookie, err = a.identifyGuest(r)
	case a.verifier == nil:
		err = ErrNotConfigured
	default:
		result.Identity, err = a.verifier.VerifyContext(r.Context(), c.Token)
	}
	if err != nil {
		return Result{}, a.stats.count(err)
	}
	return result, nil
}

// Verify returns the identity of a token from another source than a request, for example the auth command. The error
// is one of the Errors of this package.
func (a *Authenticator) Verify(token string) (chat.Identity, error) {
	if a.verifier == nil {
		return chat.Identity{}, a.stats.count(ErrNotConfigured)
	}
	id, err := a.verifier.Verify(token)
	return id, a.stats.count(err)
}

func (a *Authenticator) identifyGuest(r *http.Request) (chat.Identity, *http.Cookie, error) {
	if a.guests != GuestsRead && a.guests != GuestsWrite {
		return chat.Identity{}, nil, ErrMissing
	}
	id, set := guestIdentity(r, a.guests == GuestsRead)
	return id, set, nil
}
