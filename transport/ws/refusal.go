package ws

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"chatnode/transport/problemjson"
)

// Refusal is the reason for rejecting a request before or during the upgrade.
type Refusal uint8

// Refusals in the order of the checks. RefusedEarly and RefusedUpgradeFailed happen after the connection is
// hijacked, so they have no problem+json.
const (
	RefusedMethod        Refusal = iota // not GET
	RefusedUpgrade                      // no upgrade to WebSocket version 13
	RefusedHandshake                    // Sec-WebSocket-Key missing or invalid
	RefusedShutdown                     // the node is shutting down
	RefusedOrigin                       // origin of the page not allowed
	RefusedFull                         // MAX_CONNECTIONS
	RefusedIP                           // MAX_CONNECTIONS_PER_IP
	RefusedAuth                         // token missing, invalid or expired
	RefusedAuthDown                     // authentication unavailable
	RefusedBanned                       // user banned
	RefusedQuery                        // malformed query
	RefusedRoom                         // invalid ?room=
	RefusedSince                        // invalid ?epoch= or ?since=
	RefusedEarly                        // the client sent frames before the response
	RefusedUpgradeFailed                // the connection failed during the upgrade
	numRefusals                         // number of reasons
)

type refusalInfo struct {
	status int
	code   string // stable: part of the API
	title  string
	retry  bool // Retry-After is sent
}

var refusalTable = [numRefusals]refusalInfo{
	RefusedMethod:        {http.StatusMethodNotAllowed, "method_not_allowed", "Only GET is allowed here.", false},
	RefusedUpgrade:       {http.StatusUpgradeRequired, "upgrade_required", "This address requires an upgrade to WebSocket version 13.", false},
	RefusedHandshake:     {http.StatusBadRequest, "bad_handshake", "The WebSocket handshake is invalid.", false},
	RefusedShutdown:      {http.StatusServiceUnavailable, "shutting_down", "This server is shutting down.", true},
	RefusedOrigin:        {http.StatusForbidden, "bad_origin", "Pages of this origin may not connect.", false},
	RefusedFull:          {http.StatusServiceUnavailable, "too_many_connections", "This server has reached its maximum number of connections.", true},
	RefusedIP:            {http.StatusTooManyRequests, "too_many_connections_per_ip", "There are too many connections from your address.", true},
	RefusedAuth:          {http.StatusUnauthorized, "unauthorized", "The token is missing, invalid or expired.", false},
	RefusedAuthDown:      {http.StatusServiceUnavailable, "auth_unavailable", "Tokens cannot be verified at the moment.", true},
	RefusedBanned:        {http.StatusForbidden, "banned", "You are banned.", false},
	RefusedQuery:         {http.StatusBadRequest, "bad_query", "The query of the URL is malformed.", false},
	RefusedRoom:          {http.StatusBadRequest, "bad_room", "A room name has 1 to 64 letters, digits, dots, underscores or hyphens.", false},
	RefusedSince:         {http.StatusBadRequest, "bad_since", "To resume, give both epoch and since as the server sent them.", false},
	RefusedEarly:         {http.StatusBadRequest, "early_data", "", false},
	RefusedUpgradeFailed: {http.StatusBadRequest, "upgrade_failed", "", false},
}

// String returns the stable code, for example "bad_origin".
func (r Refusal) String() string { return refusalTable[r].code }

// Refusals returns all reasons.
func Refusals() []Refusal {
	all := make([]Refusal, numRefusals)
	for i := range all {
		all[i] = Refusal(i)
	}
	return all
}

// rejection is the result of a failed check before the upgrade.
type rejection struct {
	reason Refusal
	detail string // for the client
	cause  error  // for the log
}

// refuse counts the reason and sends the response.
func (srv *Server) refuse(w http.ResponseWriter, r *rejection) {
	srv.stats.Refused[r.reason].Add(1)
	srv.opt.Log.Debug().Stringer("code", r.reason).Err(r.cause).Msg("upgrade rejected")
	info := refusalTable[r.reason]
	h := w.Header()
	if info.retry {
		h.Set("Retry-After", retryAfter(srv.opt.RetryAfter))
	}
	if r.reason == RefusedMethod {
		h.Set("Allow", http.MethodGet)
	}
	if r.reason == RefusedUpgrade {
		h.Set("Connection", "Upgrade")
		h.Set("Upgrade", "websocket")
		h.Set("Sec-WebSocket-Version", "13")
	}
	(&problemjson.Problem{Status: info.status, Code: r.reason.String(), Title: info.title, Detail: r.detail}).Write(w)
}

// retryAfter returns a random number of seconds from least to twice least, so that rejected clients do not return at
// the same time.
func retryAfter(least time.Duration) string {
	d := least + rand.N(least)
	return strconv.Itoa(int(d.Round(time.Second) / time.Second))
}
