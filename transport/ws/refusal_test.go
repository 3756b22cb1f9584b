package ws

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
	"chatnode/transport/problemjson"
)

// TestRefusals: each reason is returned before the upgrade with its status, its code and the required headers, and
// the slot is free again.
func TestRefusals(t *testing.T) {
	full := func(o *Options) { o.MaxConnections = 1 }
	cases := []struct {
		name    string
		options func(*Options)
		path    string
		headers []string
		occupy  bool // by one connection before the request
		drain   bool
		status  int
		code    Refusal
		header  string // required in the response
	}{
		{name: "no upgrade", headers: []string{"Upgrade:", "Connection: keep-alive"}, status: 426, code: RefusedUpgrade, header: "Upgrade"},
		{name: "another protocol", headers: []string{"Upgrade: h2c"}, status: 426, code: RefusedUpgrade, header: "Upgrade"},
		{name: "old version", headers: []string{"Sec-WebSocket-Version: 8"}, status: 426, code: RefusedUpgrade, header: "Sec-WebSocket-Version"},
		{name: "no key", headers: []string{"Sec-WebSocket-Key:"}, status: 400, code: RefusedHandshake},
		{name: "short key", headers: []string{"Sec-WebSocket-Key: c2hvcnQ="}, status: 400, code: RefusedHandshake},
		{name: "shutting down", drain: true, status: 503, code: RefusedShutdown, header: "Retry-After"},
		{name: "foreign origin", options: sameOrigin, headers: []string{"Origin: https://evil.example"}, status: 403, code: RefusedOrigin},
		{name: "opaque origin", options: sameOrigin, headers: []string{"Origin: null"}, status: 403, code: RefusedOrigin},
		{name: "full", options: full, occupy: true, status: 503, code: RefusedFull, header: "Retry-After"},
		{name: "per IP", options: func(o *Options) { o.MaxPerIP = 1 }, occupy: true, status: 429, code: RefusedIP, header: "Retry-After"},
		{name: "bad token", options: authenticateAs(chat.Identity{}, errors.New("expired")), status: 401, code: RefusedAuth, header: "Www-Authenticate"},
		{name: "no keys", options: authenticateAs(chat.Identity{}, fmt.Errorf("fetch: %w", ErrAuthUnavailable)), status: 503, code: RefusedAuthDown, header: "Retry-After"},
		{name: "banned", options: authenticateAs(chat.Identity{UserID: "bad"}, nil), status: 403, code: RefusedBanned},
		{name: "invalid escape", path: "/chat?room=%zz", status: 400, code: RefusedQuery},
		{name: "semicolon in the query", path: "/chat?room=dev;since=4", status: 400, code: RefusedQuery},
		{name: "bad room", path: "/chat?room=a/b", status: 400, code: RefusedRoom},
		{name: "empty room", path: "/chat?room=", status: 400, code: RefusedRoom},
		{name: "since without epoch", path: "/chat?since=4", status: 400, code: RefusedSince},
		{name: "epoch without since", path: "/chat?epoch=e1", status: 400, code: RefusedSince},
		{name: "since not a number", path: "/chat?epoch=e1&since=-4", status: 400, code: RefusedSince},
		{name: "since too large", path: "/chat?epoch=e1&since=18446744073709551616", status: 400, code: RefusedSince},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, func(o *Options) {
				o.Banned = func(id string) (string, bool) { return "spam", id == "bad" }
				if tc.options != nil {
					tc.options(o)
				}
			})
			used := 0
			if tc.occupy {
				r.open("/chat")
				used = 1
			}
			if tc.drain {
				r.server.Drain()
			}
			if tc.path == "" {
				tc.path = "/chat"
			}
			c := r.connect()
			c.request(tc.path, tc.headers...)
			res := c.response()
			wantProblem(t, res, tc.status, tc.code)
			if tc.header != "" && res.header.Get(tc.header) == "" {
				t.Errorf("header %s is missing: %v", tc.header, res.header)
			}
			if got := r.server.Stats().Refused[tc.code].Load(); got != 1 {
				t.Errorf("counted %d times, want 1", got)
			}
			if got := r.server.Open(); got != used {
				t.Errorf("%d slots used, want %d", got, used)
			}
		})
	}
}

// sameOrigin sets the default of the node.
func sameOrigin(o *Options) { o.AllowOrigin = auth.Origins{}.Allow }

func authenticateAs(id chat.Identity, err error) func(*Options) {
	return func(o *Options) {
		o.Authenticate = func(*http.Request) (chat.Identity, *http.Cookie, error) { return id, nil, err }
	}
}

func wantProblem(t *testing.T, res handshakeResponse, status int, code Refusal) {
	t.Helper()
	var p problemjson.Problem
	if err := json.Unmarshal(res.body, &p); err != nil {
		t.Fatalf("decode body: %v", err)
	}
	if res.status != status || p.Status != status || p.Code != code.String() || p.Title == "" {
		t.Errorf("status %d, problem %+v, want %d %v", res.status, p, status, code)
	}
	if ct := res.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("wrong Content-Type %q", ct)
	}
	if code == RefusedBanned && p.Detail != "spam" {
		t.Errorf("detail %q, want the reason of the ban", p.Detail)
	}
}

func TestOnlyGET(t *testing.T) {
	r := newRig(t, nil)
	c := r.connect()
	c.write(bytes.Replace(requestBytes("/chat"), []byte("GET"), []byte("PUT"), 1))
	res := c.response()
	wantProblem(t, res, http.StatusMethodNotAllowed, RefusedMethod)
	if got := res.header.Get("Allow"); got != http.MethodGet {
		t.Errorf("Allow is %q, want GET", got)
	}
}

// TestRetryAfterSpreads: Retry-After is a random number of seconds.
func TestRetryAfterSpreads(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		s := retryAfter(defaultRetryAfter)
		if n, err := strconv.Atoi(s); err != nil || n < 5 || n > 10 {
			t.Fatalf("Retry-After %q, want 5 to 10", s)
		}
		seen[s] = true
	}
	if len(seen) < 4 {
		t.Fatalf("only the values %v", seen)
	}
}

// TestRemoteIP: a client behind a proxy is counted by its own address, but only if the proxy is trusted.
func TestRemoteIP(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	cases := []struct{ name, peer, forwarded, want string }{
		{"direct", "192.0.2.7:99", "", "192.0.2.7"},
		{"untrusted peer", "192.0.2.7:99", "203.0.113.1", "192.0.2.7"},
		{"trusted proxy", "10.0.0.1:99", "203.0.113.1", "203.0.113.1"},
		{"forged hop on the left", "10.0.0.1:99", "1.1.1.1, 203.0.113.1, 10.0.0.2", "203.0.113.1"},
		{"with a port", "10.0.0.1:99", "203.0.113.1:8080", "203.0.113.1"},
		{"nonsense", "10.0.0.1:99", "203.0.113.1, unknown", "10.0.0.1"},
		{"trusted without header", "10.0.0.1:99", "", "10.0.0.1"},
		{"mapped", "[::ffff:192.0.2.7]:99", "", "192.0.2.7"},
		{"unix socket", "@", "", "invalid IP"},
	}
	for _, tc := range cases {
		r := &http.Request{RemoteAddr: tc.peer, Header: http.Header{}}
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := remoteIP(r, trusted).String(); got != tc.want {
			t.Errorf("%s: address %s, want %s", tc.name, got, tc.want)
		}
	}
	if a, b := slotKey(netip.MustParseAddr("2001:db8::1")), slotKey(netip.MustParseAddr("2001:db8::2:0:0:1")); a != b {
		t.Errorf("one /64 has the keys %v and %v", a, b)
	}
}

// TestProtocolNamesAllRefusals: PROTOCOL.md names each refusal with its status.
func TestProtocolNamesAllRefusals(t *testing.T) {
	doc, err := os.ReadFile("../../ops/docs/PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{} // code -> statuses in its row
	for line := range strings.Lines(string(doc)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.ContainsAny(cells[1], "45") {
			for code := range strings.SplitSeq(cells[2], ",") {
				named[strings.Trim(code, " `")] = cells[1]
			}
		}
	}
	for _, r := range Refusals() {
		if status := strconv.Itoa(refusalTable[r].status); !strings.Contains(named[r.String()], "`"+status+"`") {
			t.Errorf("%s: PROTOCOL.md has status %q, the code has %s", r, named[r.String()], status)
		}
	}
}
