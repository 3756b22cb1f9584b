package node

import (
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
)

// A moderator is who may use the API.
type moderator struct {
	id  string // the admin's user id, or keyHolder
	via string // key or session, for the audit log
}

// keyHolder stands for whoever holds ADMIN_API_KEY. No user has such an id.
const keyHolder = "@key"

// author is the moderator as the writer of edits and deletions.
func (m moderator) author() chat.Author { return chat.Author{ID: m.id, Name: m.id, Admin: true} }

// access says who asks. A cookie is sent by the browser whatever page asks, so with one nothing is
// changed but for a page of this very origin.
func (a *api) access(r *http.Request) (moderator, error) {
	if a.key.Opens(r) {
		return moderator{keyHolder, "key"}, nil
	}
	grant, err := a.node.who.Identify(r)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return moderator{}, problemAuthDown
	case errors.Is(err, auth.ErrMissing), err == nil && grant.Source == auth.FromNowhere:
		return moderator{}, problemUnauthorized
	case err != nil:
		return moderator{}, problemBadCredentials
	case grant.Identity.Role != chat.RoleAdmin:
		return moderator{}, problemForbidden
	case grant.Source == auth.FromCookie && !a.sameOrigin(r):
		return moderator{}, problemOrigin
	}
	if _, banned := a.node.core.Banned(grant.Identity.UserID); banned {
		return moderator{}, problemForbidden
	}
	return moderator{grant.Identity.UserID, "session"}, nil
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
