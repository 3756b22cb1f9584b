package ws

import (
	"net/http"
	"testing"

	"chatnode/actors/chat"
)

// A browser fails the connection when it offered subprotocols and none was chosen.
func TestSubprotocols(t *testing.T) {
	for name, tc := range map[string]struct{ offered, want string }{
		"none offered":            {"", ""},
		"ours":                    {"chatnode", "chatnode"},
		"ours with the token":     {"chatnode, bearer.aaa.bbb.ccc", "chatnode"},
		"the token first":         {"bearer.aaa.bbb.ccc, chatnode", "chatnode"},
		"the token alone":         {"bearer.aaa.bbb.ccc", "bearer.aaa.bbb.ccc"},
		"only foreign ones":       {"graphql-ws", ""},
		"foreign and the token":   {"graphql-ws, bearer.aaa.bbb.ccc", ""},
		"the token and a foreign": {"bearer.aaa.bbb.ccc, graphql-ws", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			c := r.connect()
			c.request("/chat", "Sec-WebSocket-Protocol: "+tc.offered)
			res := c.response()
			got, given := res.header["Sec-Websocket-Protocol"]
			if res.status != http.StatusSwitchingProtocols || given != (tc.want != "") || given && (len(got) != 1 || got[0] != tc.want) {
				t.Errorf("status %d, protocol %q, want %q", res.status, got, tc.want)
			}
		})
	}
}

// A guest's cookie comes with the 101, and each client gets its own.
func TestCookie(t *testing.T) {
	r := newRig(t, func(o *Options) {
		o.Authenticate = func(r *http.Request) (chat.Identity, *http.Cookie, error) {
			c := &http.Cookie{Name: "guest", Value: r.URL.Query().Get("n"), HttpOnly: true}
			return chat.Identity{UserID: "g"}, c, nil
		}
	})
	for _, n := range []string{"1", "2"} {
		c := r.connect()
		c.request("/chat?n=" + n)
		cookies := c.response().cookies
		if len(cookies) != 1 || cookies[0].Name != "guest" || cookies[0].Value != n || !cookies[0].HttpOnly {
			t.Errorf("cookies %v", cookies)
		}
	}
}

// Headers may be split over lines and written in any case.
func TestHandshakeIsLenientWhereRFCIs(t *testing.T) {
	h := http.Header{
		"Connection": {"keep-alive", "UpGrade, x"}, "Upgrade": {"foo, WebSocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {testKey},
	}
	r := &http.Request{Method: http.MethodGet, ProtoMajor: 1, ProtoMinor: 1, Header: h}
	if why, ok := checkHandshake(r); !ok {
		t.Errorf("refused: %v", why)
	}
	r.ProtoMinor = 0
	if _, ok := checkHandshake(r); ok {
		t.Error("HTTP/1.0 was let in")
	}
}
