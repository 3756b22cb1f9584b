package ws

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// A Refusal is why a request was not upgraded.
type Refusal uint8

// The refusals, in the order in which they are looked for. RefusedEarly and RefusedUpgradeFailed
// come after the request was taken over: there is no problem+json then.
const (
	RefusedMethod        Refusal = iota // not GET
	RefusedUpgrade                      // no upgrade to WebSocket 13
	RefusedHandshake                    // Sec-WebSocket-Key is missing or bad
	RefusedShutdown                     // the node is shutting down
	RefusedOrigin                       // a page of a foreign origin
	RefusedFull                         // MAX_CONNECTIONS
	RefusedIP                           // MAX_CONNECTIONS_PER_IP
	RefusedAuth                         // token missing, bad or expired
	RefusedAuthDown                     // nobody can say who it is now
	RefusedBanned                       // the user is banned
	RefusedQuery                        // what stands behind the ? cannot be read
	RefusedRoom                         // ?room= is no name of a room
	RefusedSince                        // ?epoch= and ?since= are no position
	RefusedEarly                        // the client sent frames before it was upgraded
	RefusedUpgradeFailed                // the connection broke during the upgrade
	refusals                            // how many there are
)

type refusalInfo struct {
	status int
	code   string // stable: part of the API
	title  string
	retry  bool // Retry-After is sent
}

var refusalTable = [refusals]refusalInfo{
	RefusedMethod:        {http.StatusMethodNotAllowed, "method_not_allowed", "Only GET is allowed here.", false},
	RefusedUpgrade:       {http.StatusUpgradeRequired, "upgrade_required", "This is a WebSocket (version 13) address.", false},
	RefusedHandshake:     {http.StatusBadRequest, "bad_handshake", "The WebSocket handshake is not valid.", false},
	RefusedShutdown:      {http.StatusServiceUnavailable, "shutting_down", "This server is shutting down.", true},
	RefusedOrigin:        {http.StatusForbidden, "bad_origin", "Pages of this origin may not connect.", false},
	RefusedFull:          {http.StatusServiceUnavailable, "too_many_connections", "This server has no room for more connections.", true},
	RefusedIP:            {http.StatusTooManyRequests, "too_many_connections_per_ip", "There are too many connections from your address.", true},
	RefusedAuth:          {http.StatusUnauthorized, "unauthorized", "The token is missing, not valid or has expired.", false},
	RefusedAuthDown:      {http.StatusServiceUnavailable, "auth_unavailable", "Tokens cannot be checked at the moment.", true},
	RefusedBanned:        {http.StatusForbidden, "banned", "You are banned.", false},
	RefusedQuery:         {http.StatusBadRequest, "bad_query", "The query of this address is malformed.", false},
	RefusedRoom:          {http.StatusBadRequest, "bad_room", "A room's name is 1 to 64 letters, digits, dots, underscores or hyphens.", false},
	RefusedSince:         {http.StatusBadRequest, "bad_since", "To resume, give both epoch and since as the server sent them.", false},
	RefusedEarly:         {http.StatusBadRequest, "early_data", "", false},
	RefusedUpgradeFailed: {http.StatusBadRequest, "upgrade_failed", "", false},
}

// String is the refusal's stable code, for example "bad_origin".
func (r Refusal) String() string { return refusalTable[r].code }

// Refusals lists all of them.
func Refusals() []Refusal {
	all := make([]Refusal, refusals)
	for i := range all {
		all[i] = Refusal(i)
	}
	return all
}

// refused is the error of a check before the upgrade.
type refused struct {
	why    Refusal
	detail string // for the client
	cause  error  // for the log
}

// problem is the body of a refusal (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail,omitempty"`
}

// refuse counts the refusal and answers with it.
func (e *Server) refuse(w http.ResponseWriter, r *refused) {
	e.stats.Refused[r.why].Add(1)
	e.opt.Log.Debug().Stringer("code", r.why).Err(r.cause).Msg("upgrade rejected")
	info := refusalTable[r.why]
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if info.retry {
		h.Set("Retry-After", retryAfter(e.opt.RetryAfter))
	}
	switch r.why {
	case RefusedMethod:
		h.Set("Allow", http.MethodGet)
	case RefusedUpgrade:
		h.Set("Connection", "Upgrade")
		h.Set("Upgrade", "websocket")
		h.Set("Sec-WebSocket-Version", "13")
	case RefusedAuth:
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(info.status)
	body := problem{"about:blank", info.title, info.status, r.why.String(), r.detail}
	_ = json.NewEncoder(w).Encode(body) // the client may be gone, which is nobody's fault
}

// retryAfter spreads those who were refused together over as long again as least.
func retryAfter(least time.Duration) string {
	d := least + rand.N(least)
	return strconv.Itoa(int(d.Round(time.Second) / time.Second))
}
