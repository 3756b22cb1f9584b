package node

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
	"chatnode/transport/problemjson"
)

// A metricsDenial is the reason why a request to /metrics is rejected.
type metricsDenial uint8

const (
	denialMissing         metricsDenial = iota // no key and no session
	denialBadCredentials                       // invalid key or token
	denialNotAdmin                             // session of a user who is not an admin, or is banned
	denialOrigin                               // cookie of an admin, sent by a page of another origin
	denialAuthUnavailable                      // the token cannot be verified now
	denialKinds
)

// denials counts rejected requests by reason.
type denials [denialKinds]atomic.Uint64

var denialTable = [denialKinds]problemjson.Problem{
	denialMissing:         {Status: http.StatusUnauthorized, Code: "unauthorized", Title: "Send METRICS_API_KEY as a bearer token, or sign in as an admin."},
	denialBadCredentials:  {Status: http.StatusUnauthorized, Code: "bad_credentials", Title: "The key or token is invalid."},
	denialNotAdmin:        {Status: http.StatusForbidden, Code: "forbidden", Title: "Only admins may read the metrics."},
	denialOrigin:          {Status: http.StatusForbidden, Code: "bad_origin", Title: "Pages of this origin may not read the metrics."},
	denialAuthUnavailable: {Status: http.StatusServiceUnavailable, Code: "auth_unavailable", Title: "Tokens cannot be checked at the moment."},
}

// authorize returns nil if the request has the key, or the session of an admin who is not banned. A cookie counts only
// for pages of an allowed origin, because browsers send it for every page.
func (m *metrics) authorize(r *http.Request) *metricsDenial {
	if m.key.Authorizes(r) {
		return nil
	}
	session, err := m.node.authenticator.Identify(r)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return deny(denialAuthUnavailable)
	case errors.Is(err, auth.ErrMissing), err == nil && session.Source == auth.SourceNone:
		return deny(denialMissing)
	case err != nil:
		return deny(denialBadCredentials)
	case session.Identity.Role != chat.RoleAdmin:
		return deny(denialNotAdmin)
	case session.Source == auth.FromCookie && !m.node.cfg.AllowedOrigins.Allow(r):
		return deny(denialOrigin)
	}
	if _, banned := m.node.core.Banned(session.Identity.UserID); banned {
		return deny(denialNotAdmin)
	}
	return nil
}

func deny(d metricsDenial) *metricsDenial { return &d }

// reject counts a denial and answers with its problem.
func (m *metrics) reject(w http.ResponseWriter, d *metricsDenial) {
	m.denied[*d].Add(1)
	denialTable[*d].Write(w)
}

// promhttpLogger logs errors of promhttp.
type promhttpLogger struct{ log zerolog.Logger }

// Println implements promhttp.Logger.
func (l promhttpLogger) Println(v ...any) {
	l.log.Error().Str("err", fmt.Sprint(v...)).Msg("metrics gather failed")
}
