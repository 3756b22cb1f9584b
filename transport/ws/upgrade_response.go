package ws

import (
	"bytes"
	"net/http"
)

// headerReserve is the space for cookie, subprotocol and the first frame.
const headerReserve = 1024

// upgradeResponse is the data of a request that the upgrade needs. gws gets its own request, so that nothing
// retains the client's request. The headers that differ between clients are added to the response of gws, whose own
// headers are the same for all.
type upgradeResponse struct {
	request     http.Request // passed to gws
	deflate     bool
	subprotocol string // empty: none
	cookie      string // value of Set-Cookie; empty: none
}

func newUpgradeResponse(h http.Header, cookie *http.Cookie, compression bool) *upgradeResponse {
	g := &upgradeResponse{subprotocol: chooseProtocol(h), deflate: compression && acceptsDeflate(h)}
	if cookie != nil {
		g.cookie = cookie.String()
	}
	g.request = http.Request{Method: http.MethodGet, Header: http.Header{
		"Connection":            {"Upgrade"},
		"Upgrade":               {"websocket"},
		"Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key":     {h.Get("Sec-WebSocket-Key")},
	}}
	if g.deflate {
		g.request.Header.Set("Sec-WebSocket-Extensions", canonicalOffer)
	}
	return g
}

// build returns the response of gws with the headers for this client.
func (g *upgradeResponse) build(response []byte) []byte {
	end := bytes.Index(response, []byte("\r\n\r\n"))
	if end < 0 || !bytes.HasPrefix(response, []byte("HTTP/1.1 101 ")) {
		return bytes.Clone(response)
	}
	out := append(make([]byte, 0, len(response)+headerReserve), response[:end+2]...)
	out = appendHeader(out, "Sec-WebSocket-Protocol", g.subprotocol)
	out = appendHeader(out, "Set-Cookie", g.cookie)
	return append(out, response[end+2:]...)
}

func appendHeader(out []byte, name, value string) []byte {
	if value == "" {
		return out
	}
	out = append(out, name...)
	out = append(out, ": "...)
	out = append(out, value...)
	return append(out, "\r\n"...)
}
