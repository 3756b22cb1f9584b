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
	SourceNone   Source = "none"
	FromHeader   Source = "header"
	FromProtocol Source = "subprotocol"
	FromQuery    Source = "query"
	FromCookie   Source = "cookie"
)

// A Credential is what a request carries to say who asks.
type Credential struct {
	Token  string // not verified; empty when Source is FromNowhere, or where the place was left empty
	Source Source
	// Subprotocol is what the answer to an upgrade must name in Sec-WebSocket-Protocol; empty: leave
	// the header out. A browser that offered any fails the connection when none is named.
	Subprotocol string
}

// Extract finds a request's token and the WebSocket subprotocol to answer with. A protocol that
// carries no token is preferred for the answer, so that the token is not repeated without need.
// Who names a place and leaves it empty, as a script does whose variable is not set, meant to come
// with a token: the place is the Source, with no Token. Only a cookie is empty once it is cleared.
func Extract(r *http.Request) Credential {
	offered, plain, carrier := parseProtocols(r.Header.Values("Sec-WebSocket-Protocol"))
	c := Credential{Source: SourceNone, Subprotocol: plain}
	if plain == "" {
		c.Subprotocol = carrier
	}
	header, inHeader := bearerToken(r.Header.Get("Authorization"))
	query, session := r.URL.Query(), cookie(r, SessionCookie)
	for _, place := range []struct {
		source  Source
		token   string
		present bool
	}{
		{FromHeader, header, inHeader},
		{FromProtocol, offered, carrier != ""},
		{FromQuery, query.Get(queryParameter), query.Has(queryParameter)},
		{FromCookie, session, session != ""},
	} {
		if place.present {
			c.Token, c.Source = place.token, place.source
			break
		}
	}
	return c
}

// parseProtocols reads the offered subprotocols: the token of the first that carries one, the first that
// is no carrier, and the first carrier as it was written, one without a token if there is no other.
func parseProtocols(headers []string) (token, plain, carrier string) {
	for _, header := range headers {
		for name := range strings.SplitSeq(header, ",") {
			name = strings.TrimSpace(name)
			secret, carries := strings.CutPrefix(name, protocolPrefix)
			switch {
			case carries && token == "" && (secret != "" || carrier == ""):
				token, carrier = secret, name
			case !carries && plain == "":
				plain = name
			}
		}
	}
	return token, plain, carrier
}

// bearerToken is the token of an Authorization header, and whether its scheme is Bearer.
func bearerToken(header string) (token string, is bool) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
