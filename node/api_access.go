package node

import (
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
)

// An apiCaller is an authorized user of the API.
type apiCaller struct {
	id  string // user id of the admin, or apiKeyUser
	via string // key or session, for the audit log
}

// apiKeyUser is the id of a caller with ADMIN_API_KEY. No user has this id.
const apiKeyUser = "@key"

// author returns the caller as the author of edits and deletions.
func (c apiCaller) author() chat.Author { return chat.Author{ID: c.id, Name: c.id, Admin: true} }

// authorize returns the caller if the request has the key, or the session of an admin who is not banned. A cookie may
// change data only for pages of the same origin, because browsers send it for every page.
func (a *api) authorize(r *http.Request) (apiCaller, error) {
	if a.key.Authorizes(r) {
		return apiCaller{apiKeyUser, "key"}, nil
	}
	session, err := a.node.authenticator.Identify(r)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return apiCaller{}, problemAuthUnavailable
	case errors.Is(err, auth.ErrMissing), err == nil && session.Source == auth.SourceNone:
		return apiCaller{}, problemUnauthorized
	case err != nil:
		return apiCaller{}, problemBadCredentials
	case session.Identity.Role != chat.RoleAdmin:
		return apiCaller{}, problemForbidden
	case session.Source == auth.FromCookie && !a.sameOrigin(r):
		return apiCaller{}, problemOrigin
	}
	if _, banned := a.node.core.Banned(session.Identity.UserID); banned {
		return apiCaller{}, problemForbidden
	}
	return apiCaller{session.Identity.UserID, "session"}, nil
}

// sameOrigin reports whether a request only reads data, or comes from a page of the same origin. It is false if the
// browser sent neither Sec-Fetch-Site nor Origin.
func (a *api) sameOrigin(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	hasOrigin := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != ""
	return hasOrigin && a.origins.Check(r) == nil
}
