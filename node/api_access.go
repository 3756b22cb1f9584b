package node

import (
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
)

// A apiCaller is who may use the API.
type apiCaller struct {
	id  string // the admin's user id, or keyHolder
	via string // key or session, for the audit log
}

// apiKeyUser stands for whoever holds ADMIN_API_KEY. No user has such an id.
const apiKeyUser = "@key"

// author is the moderator as the writer of edits and deletions.
func (m apiCaller) author() chat.Author { return chat.Author{ID: m.id, Name: m.id, Admin: true} }

// authorize says who asks. A cookie is sent by the browser whatever page asks, so with one nothing is
// changed but for a page of this very origin.
func (a *api) authorize(r *http.Request) (apiCaller, error) {
	if a.key.Authorizes(r) {
		return apiCaller{apiKeyUser, "key"}, nil
	}
	grant, err := a.node.who.Identify(r)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return apiCaller{}, problemAuthDown
	case errors.Is(err, auth.ErrMissing), err == nil && grant.Source == auth.SourceNone:
		return apiCaller{}, problemUnauthorized
	case err != nil:
		return apiCaller{}, problemBadCredentials
	case grant.Identity.Role != chat.RoleAdmin:
		return apiCaller{}, problemForbidden
	case grant.Source == auth.FromCookie && !a.sameOrigin(r):
		return apiCaller{}, problemOrigin
	}
	if _, banned := a.node.core.Banned(grant.Identity.UserID); banned {
		return apiCaller{}, problemForbidden
	}
	return apiCaller{grant.Identity.UserID, "session"}, nil
}

// sameOrigin says whether a request changes nothing, or its browser vouches that a page of this origin
// has sent it. One that vouches for nothing is not believed.
func (a *api) sameOrigin(r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	vouched := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != ""
	return vouched && a.origins.Check(r) == nil
}
