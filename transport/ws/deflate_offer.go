package ws

import (
	"net/http"
	"strings"
)

// canonicalOffer is the offer that gws sees if a client's offer is acceptable. The response is the same line.
const canonicalOffer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// acceptsDeflate reports whether one of the client's offers is acceptable: permessage-deflate (RFC 7692) without
// context takeover in both directions, which a server may always choose, and with the full window.
func acceptsDeflate(h http.Header) bool {
	for offer := range tokens(h, "Sec-WebSocket-Extensions") {
		if validOffer(strings.Split(offer, ";")) {
			return true
		}
	}
	return false
}

func validOffer(parts []string) bool {
	if strings.TrimSpace(parts[0]) != "permessage-deflate" {
		return false
	}
	seen := map[string]bool{}
	for _, part := range parts[1:] {
		name, value, given := strings.Cut(strings.TrimSpace(part), "=")
		if seen[name] || !validParameter(name, strings.Trim(value, `"`), given) {
			return false
		}
		seen[name] = true
	}
	return true
}

func validParameter(name, value string, given bool) bool {
	switch name {
	case "server_no_context_takeover", "client_no_context_takeover":
		return !given
	case "client_max_window_bits": // the server reads any window
		return !given || validWindow(value)
	case "server_max_window_bits": // all clients share one compression with the full window
		return value == "15"
	}
	return false
}

func validWindow(bits string) bool {
	switch bits {
	case "8", "9", "10", "11", "12", "13", "14", "15":
		return true
	}
	return false
}
