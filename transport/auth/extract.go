package auth

import (
	"net/http"
	"strings"
)

// Names of the places of a token in a request.
const (
	SessionCookie  = "chat_session"
	protocolPrefix = "bearer."
	queryParameter = "token"
)

// Source is the place of the token in a request.
type Source string

// Sources in order of precedence. Values that a client sets for this request precede the cookie, which a browser
// adds to every request.
const (
	SourceNone   Source = "none"
	FromHeader   Source = "header"
	FromProtocol Source = "subprotocol"
	FromQuery    Source = "query"
	FromCookie   Source = "cookie"
)

// Credential is the token of a request.
type Credential struct {
	Token  string // not verified; empty if Source is SourceNone or the place is empty
	Source Source
	// Subprotocol is the value of Sec-WebSocket-Protocol in the response to an upgrade; empty: no header. A browser
	// that offered subprotocols fails the connection if the response has none.
	Subprotocol string
}

// Extract returns the token of a request, and the WebSocket subprotocol for the response. It prefers a subprotocol
// without a token, so that the response does not repeat the token. If a place is present but empty, Source is this
// place and Token is empty. The client probably meant to send a token, for example a script with an unset variable.
// An empty cookie is ignored, because a cleared cookie is empty.
func Extract(r *http.Request) Credential {
	offered, plain, carrier := parseProtocols(r.Header.Values("Sec-WebSocket-Protocol"))
	c := Credential{Source: SourceNone, Subprotocol: plain}
	if plain == "" {
		c.Subprotocol = carrier
	}
	header, inHeader := bearerToken(r.Header.Get("Authorization"))
	query, session := r.URL.Query(), cookieValue(r, SessionCookie)
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

// parseProtocols returns the token of the first subprotocol that contains one, the first subprotocol without a token,
// and the first carrier of a token as it was written. An empty carrier is returned only if there is no other one.
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

// bearerToken returns the token of an Authorization header. ok is false if its scheme is not Bearer.
func bearerToken(header string) (token string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", false
	}
	return strings.TrimSpace(token), true
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
