package ws

import (
	"net/http"
	"strings"
)

// canonicalOffer is what gws is shown of an acceptable offer; its answer is the same line.
const canonicalOffer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

// acceptsDeflate says whether one of the client's offers is a permessage-deflate (RFC 7692) that the
// edge can keep to: no context takeover either way, which a server may always choose, and the full window.
func acceptsDeflate(h http.Header) bool {
	for offer := range tokens(h, "Sec-WebSocket-Extensions") {
		if goodOffer(strings.Split(offer, ";")) {
			return true
		}
	}
	return false
}

func goodOffer(parts []string) bool {
	if strings.TrimSpace(parts[0]) != "permessage-deflate" {
		return false
	}
	seen := map[string]bool{}
	for _, part := range parts[1:] {
		name, value, given := strings.Cut(strings.TrimSpace(part), "=")
		if seen[name] || !goodParameter(name, strings.Trim(value, `"`), given) {
			return false
		}
		seen[name] = true
	}
	return true
}

func goodParameter(name, value string, given bool) bool {
	switch name {
	case "server_no_context_takeover", "client_no_context_takeover":
		return !given
	case "client_max_window_bits": // we read any window
		return !given || validWindow(value)
	case "server_max_window_bits": // one compression serves all: only the full window will do
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
