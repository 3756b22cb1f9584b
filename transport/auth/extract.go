package auth

import (
	"net/http"
	"strings"
)

// Where tokens stand in a request.
const (
	SessionCookie  = "chat_session"
	protocolPrefix = "bearer."
	queryParameter = "token"
)

// A Source is the place where a request carried its token.
type Source string

// The places, in the order in which they are looked at: what a client wrote for this request goes
// before what a browser adds to every request.
const (
	FromNowhere  Source = "none"
	FromHeader   Source = "header"
	FromProtocol Source = "subprotocol"
	FromQuery    Source = "query"
	FromCookie   Source = "cookie"
)

// A Credential is what a request carries to say who asks.
type Credential struct {
	Token  string // not verified; empty when Source is FromNowhere
	Source Source
	// Subprotocol is what the answer to an upgrade must name in Sec-WebSocket-Protocol; empty: leave
	// the header out. A browser that offered any fails the connection when none is named.
	Subprotocol string
}

// Extract finds a request's token and the WebSocket subprotocol to answer with. A protocol that
// carries no token is preferred for the answer, so that the token is not repeated without need.
func Extract(r *http.Request) Credential {
	offered, plain, carrier := offers(r.Header.Values("Sec-WebSocket-Protocol"))
	c := Credential{Source: FromNowhere, Subprotocol: plain}
	if plain == "" {
		c.Subprotocol = carrier
	}
	for _, place := range []struct {
		source Source
		token  string
	}{
		{FromHeader, bearer(r.Header.Get("Authorization"))},
		{FromProtocol, offered},
		{FromQuery, r.URL.Query().Get(queryParameter)},
		{FromCookie, cookie(r, SessionCookie)},
	} {
		if place.token != "" {
			c.Token, c.Source = place.token, place.source
			break
		}
	}
	return c
}

// offers reads the offered subprotocols: the token of the first that carries one, the first that
// carries none, and the first carrier as it was written.
func offers(headers []string) (token, plain, carrier string) {
	for _, header := range headers {
		for name := range strings.SplitSeq(header, ",") {
			name = strings.TrimSpace(name)
			secret, carries := strings.CutPrefix(name, protocolPrefix)
			switch {
			case carries && secret != "" && carrier == "":
				token, carrier = secret, name
			case !carries && plain == "":
				plain = name
			}
		}
	}
	return token, plain, carrier
}

// bearer is the token of an Authorization header; empty for any other scheme.
func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
