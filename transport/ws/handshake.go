package ws

import (
	"encoding/base64"
	"iter"
	"net/http"
	"strings"
)

// subprotocol is the name that clients which offer one should offer.
const subprotocol = "chatnode"

// checkHandshake looks at what RFC 6455, section 4.2.1 asks of a request.
func checkHandshake(r *http.Request) (why Refusal, ok bool) {
	switch {
	case r.Method != http.MethodGet:
		return RefusedMethod, false
	case !r.ProtoAtLeast(1, 1) || r.ProtoMajor != 1,
		!hasToken(r.Header, "Connection", "upgrade"),
		!hasToken(r.Header, "Upgrade", "websocket"),
		r.Header.Get("Sec-WebSocket-Version") != "13":
		return RefusedUpgrade, false
	case !validKey(r.Header.Get("Sec-WebSocket-Key")):
		return RefusedHandshake, false
	}
	return 0, true
}

// validKey says whether the key is 16 bytes in base64.
func validKey(key string) bool {
	b, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(b) == 16
}

// tokens are the comma-separated values of a header, over all its lines.
func tokens(h http.Header, name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, line := range h.Values(name) {
			for token := range strings.SplitSeq(line, ",") {
				if !yield(strings.TrimSpace(token)) {
					return
				}
			}
		}
	}
}

func hasToken(h http.Header, name, token string) bool {
	for t := range tokens(h, name) {
		if strings.EqualFold(t, token) {
			return true
		}
	}
	return false
}

// chooseProtocol is the subprotocol to answer with, "" for none. A browser fails the connection when
// it offered some and none was chosen, so whoever offers nothing but a bearer entry gets that
// back; any other answer would repeat a token for nothing.
func chooseProtocol(h http.Header) string {
	bearer := ""
	for offered := range tokens(h, "Sec-WebSocket-Protocol") {
		switch {
		case offered == subprotocol:
			return subprotocol
		case strings.HasPrefix(offered, "bearer.") && bearer == "":
			bearer = offered
		case offered != "":
			return "" // others that we do not speak: none is chosen, as RFC 6455 says
		}
	}
	return bearer
}
