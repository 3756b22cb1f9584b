package auth

import (
	"net/http"

	"chatnode/actors/chat"
)

// A Result is who asks, and what the answer must carry.
type Result struct {
	Identity    chat.Identity
	Source      Source       // where the token stood; FromNowhere for guests
	Subprotocol string       // to be named in Sec-WebSocket-Protocol; empty: none
	Cookie      *http.Cookie // to be set; nil: none
}

// An Authenticator says who is at the other end of a request.
type Authenticator struct {
	verifier *Verifier // nil: no tokens
	guests   GuestAccess
	stats    *Stats
}

// NewAuthenticator builds an Authenticator. Without a verifier everybody is a guest. guests must
// be one of the GuestAccess constants; any other value lets no guest in.
func NewAuthenticator(verifier *Verifier, guests GuestAccess) *Authenticator {
	return &Authenticator{verifier, guests, newStats()}
}

// Stats count those who were refused.
func (a *Authenticator) Stats() *Stats { return a.stats }

// Identify is who sent the request. A token that is presented must be valid: a bad one does not
// make a guest. Only the cookie of a server that takes no tokens is overlooked, for it may belong
// to another application of the same host. The error is one of this package's Errors.
func (a *Authenticator) Identify(r *http.Request) (Result, error) {
	c := Extract(r)
	grant := Result{Source: c.Source, Subprotocol: c.Subprotocol}
	var err error
	switch {
	case c.Source == SourceNone, a.verifier == nil && c.Source == FromCookie:
		grant.Source = SourceNone
		grant.Identity, grant.Cookie, err = a.guest(r)
	case a.verifier == nil:
		err = ErrNotConfigured
	default:
		grant.Identity, err = a.verifier.VerifyContext(r.Context(), c.Token)
	}
	if err != nil {
		return Result{}, a.stats.note(err)
	}
	return grant, nil
}

// Verify is the identity of a token that came by another way than a request's head, such as the
// auth command's. The error is one of this package's Errors.
func (a *Authenticator) Verify(token string) (chat.Identity, error) {
	if a.verifier == nil {
		return chat.Identity{}, a.stats.note(ErrNotConfigured)
	}
	id, err := a.verifier.Verify(token)
	return id, a.stats.note(err)
}

func (a *Authenticator) guest(r *http.Request) (chat.Identity, *http.Cookie, error) {
	if a.guests != GuestsRead && a.guests != GuestsWrite {
		return chat.Identity{}, nil, ErrMissing
	}
	id, set := guest(r, a.guests == GuestsRead)
	return id, set, nil
}
