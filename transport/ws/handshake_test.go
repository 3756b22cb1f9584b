package ws

import (
	"net/http"
	"testing"

	"chatnode/actors/chat"
)

// TestSubprotocols: a response names a subprotocol if the client offered a supported one, because a browser fails the
// connection otherwise.
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

// TestCookie: the 101 response contains the cookie of the client.
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
			t.Errorf("wrong cookies %v", cookies)
		}
	}
}

// TestHandshakeHeaderForms: headers may be split over lines and in any case.
func TestHandshakeHeaderForms(t *testing.T) {
	h := http.Header{
		"Connection": {"keep-alive", "UpGrade, x"}, "Upgrade": {"foo, WebSocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {testKey},
	}
	r := &http.Request{Method: http.MethodGet, ProtoMajor: 1, ProtoMinor: 1, Header: h}
	if reason, ok := checkHandshake(r); !ok {
		t.Errorf("rejected: %v", reason)
	}
	r.ProtoMinor = 0
	if _, ok := checkHandshake(r); ok {
		t.Error("HTTP/1.0 was accepted")
	}
}
