package node

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/rs/zerolog"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
)

// A metricsDenial is why somebody may not see the metrics.
type metricsDenial uint8

const (
	denialMissing  metricsDenial = iota // neither a key nor a session
	denialBad                           // a key or token that is not valid
	denialNotAdmin                      // a session of somebody who is no admin, or is banned
	denialOrigin                        // an admin's cookie, sent by a foreign page
	denialAuthDown                      // nobody can say who it is now
	denialKinds
)

// denials counts them.
type denials [denialKinds]atomic.Uint64

var denialTable = [denialKinds]struct {
	status      int
	code, title string
}{
	denialMissing:  {http.StatusUnauthorized, "unauthorized", "Send METRICS_API_KEY as a bearer token, or sign in as an admin."},
	denialBad:      {http.StatusUnauthorized, "bad_credentials", "The key or token is not valid."},
	denialNotAdmin: {http.StatusForbidden, "forbidden", "Only admins may see the metrics."},
	denialOrigin:   {http.StatusForbidden, "bad_origin", "Pages of this origin may not see the metrics."},
	denialAuthDown: {http.StatusServiceUnavailable, "auth_unavailable", "Tokens cannot be checked at the moment."},
}

// authorize is nil for who holds the key or is an admin that is not banned. A cookie is sent by the browser whatever page
// asks, so it only counts for pages that may use it.
func (m *metrics) authorize(r *http.Request) *metricsDenial {
	if m.key.Authorizes(r) {
		return nil
	}
	grant, err := m.node.who.Identify(r)
	switch {
	case errors.Is(err, auth.ErrUnavailable):
		return deny(denialAuthDown)
	case errors.Is(err, auth.ErrMissing), err == nil && grant.Source == auth.SourceNone:
		return deny(denialMissing)
	case err != nil:
		return deny(denialBad)
	case grant.Identity.Role != chat.RoleAdmin:
		return deny(denialNotAdmin)
	case grant.Source == auth.FromCookie && !m.node.cfg.AllowedOrigins.Allow(r):
		return deny(denialOrigin)
	}
	if _, banned := m.node.core.Banned(grant.Identity.UserID); banned {
		return deny(denialNotAdmin)
	}
	return nil
}

func deny(d metricsDenial) *metricsDenial { return &d }

// deny counts the denial and answers with it (RFC 9457).
func (m *metrics) deny(w http.ResponseWriter, d *metricsDenial) {
	m.denied[*d].Add(1)
	why := denialTable[*d]
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if why.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(why.status)
	// Who asked may be gone, which is nobody's fault.
	_ = json.NewEncoder(w).Encode(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
	}{"about:blank", why.title, why.status, why.code})
}

// metricsErrors is where promhttp tells of metrics that could not be gathered.
type metricsErrors struct{ log zerolog.Logger }

// Println implements promhttp.Logger.
func (l metricsErrors) Println(v ...any) {
	l.log.Error().Str("err", fmt.Sprint(v...)).Msg("metrics gather failed")
}
