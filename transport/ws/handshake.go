package ws

import (
	"encoding/base64"
	"iter"
	"net/http"
	"strings"
)

// subprotocol is the name of the protocol of this server.
const subprotocol = "chatnode"

// checkHandshake checks the headers that RFC 6455, section 4.2.1 requires.
func checkHandshake(r *http.Request) (reason Refusal, ok bool) {
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

// validKey reports whether the key is 16 bytes in base64.
func validKey(key string) bool {
	b, err := base64.StdEncoding.DecodeString(key)
	return err == nil && len(b) == 16
}

// tokens yields the comma-separated values of a header, over all its lines.
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

// chooseProtocol returns the subprotocol for the response; empty: none. If the client offers only a bearer entry,
// this entry is chosen, because a browser fails the connection if it offered subprotocols and none is chosen. Any
// other response would repeat the token without need.
func chooseProtocol(h http.Header) string {
	bearer := ""
	for offered := range tokens(h, "Sec-WebSocket-Protocol") {
		switch {
		case offered == subprotocol:
			return subprotocol
		case strings.HasPrefix(offered, "bearer.") && bearer == "":
			bearer = offered
		case offered != "":
			return "" // unknown protocols only: RFC 6455 requires to choose none
		}
	}
	return bearer
}
