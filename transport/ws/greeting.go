package ws

import (
	"bytes"
	"net/http"
)

// headerReserve is more than the cookie and the subprotocol take, with the first frame behind them.
const headerReserve = 1024

// upgradeResponse is what is left of a request for the upgrade. gws is given a request of its own, so that
// nothing keeps the client's; and what differs from client to client is put into the response that
// gws writes, whose own headers are the same for all.
type upgradeResponse struct {
	request  http.Request // as gws checks it
	deflate  bool
	protocol string // "" for none
	cookie   string // a value of Set-Cookie, "" for none
}

func newGreeting(h http.Header, cookie *http.Cookie, compression bool) *upgradeResponse {
	g := &upgradeResponse{protocol: chooseProtocol(h), deflate: compression && acceptsDeflate(h)}
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

// build is the response of gws with the client's own headers in it.
func (g *upgradeResponse) build(response []byte) []byte {
	end := bytes.Index(response, []byte("\r\n\r\n"))
	if end < 0 || !bytes.HasPrefix(response, []byte("HTTP/1.1 101 ")) {
		return bytes.Clone(response)
	}
	out := append(make([]byte, 0, len(response)+headerReserve), response[:end+2]...)
	out = appendHeader(out, "Sec-WebSocket-Protocol", g.protocol)
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
