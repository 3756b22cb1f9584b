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

// Every reason to refuse is said before the upgrade, with its status, its code and what a client
// needs to do better; and it gives back what it took.
func TestRefusals(t *testing.T) {
	full := func(o *Options) { o.MaxConnections = 1 }
	cases := []struct {
		name    string
		options func(*Options)
		path    string
		headers []string
		occupy  bool // with one connection that is let in first
		drain   bool
		status  int
		code    Refusal
		header  string // that must be there
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
		{name: "bad token", options: who(chat.Identity{}, errors.New("expired")), status: 401, code: RefusedAuth, header: "Www-Authenticate"},
		{name: "no keys", options: who(chat.Identity{}, fmt.Errorf("fetching: %w", ErrAuthUnavailable)), status: 503, code: RefusedAuthDown, header: "Retry-After"},
		{name: "banned", options: who(chat.Identity{UserID: "bad"}, nil), status: 403, code: RefusedBanned},
		{name: "escape that is none", path: "/chat?room=%zz", status: 400, code: RefusedQuery},
		{name: "semicolon in the query", path: "/chat?room=dev;since=4", status: 400, code: RefusedQuery},
		{name: "bad room", path: "/chat?room=a/b", status: 400, code: RefusedRoom},
		{name: "empty room", path: "/chat?room=", status: 400, code: RefusedRoom},
		{name: "since without epoch", path: "/chat?since=4", status: 400, code: RefusedSince},
		{name: "epoch without since", path: "/chat?epoch=e1", status: 400, code: RefusedSince},
		{name: "since is no number", path: "/chat?epoch=e1&since=-4", status: 400, code: RefusedSince},
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
			taken := 0
			if tc.occupy {
				r.open("/chat")
				taken = 1
			}
			if tc.drain {
				r.edge.Drain()
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
			if got := r.edge.Stats().Refused[tc.code].Load(); got != 1 {
				t.Errorf("counted %d times", got)
			}
			if got := r.edge.Open(); got != taken {
				t.Errorf("%d slots taken, want %d", got, taken)
			}
		})
	}
}

// sameOrigin is what the node sets where nothing else is allowed.
func sameOrigin(o *Options) { o.AllowOrigin = auth.Origins{}.Allow }

func who(id chat.Identity, err error) func(*Options) {
	return func(o *Options) {
		o.Authenticate = func(*http.Request) (chat.Identity, *http.Cookie, error) { return id, nil, err }
	}
}

func wantProblem(t *testing.T, res answer, status int, code Refusal) {
	t.Helper()
	var p problemjson.Problem
	if err := json.Unmarshal(res.body, &p); err != nil {
		t.Fatalf("body: %v", err)
	}
	if res.status != status || p.Status != status || p.Code != code.String() || p.Title == "" {
		t.Errorf("status %d, problem %+v, want %d %v", res.status, p, status, code)
	}
	if ct := res.header.Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("Content-Type %q", ct)
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
		t.Errorf("Allow: %q", got)
	}
}

// Retry-After is a number of seconds that spreads clients out.
func TestRetryAfterSpreads(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		s := retryAfter(defaultRetryAfter)
		if n, err := strconv.Atoi(s); err != nil || n < 5 || n > 10 {
			t.Fatalf("Retry-After %q", s)
		}
		seen[s] = true
	}
	if len(seen) < 4 {
		t.Fatalf("only %v", seen)
	}
}

// Who is behind a proxy is counted as themselves, but only a trusted proxy is believed.
func TestRemoteIP(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	cases := []struct{ name, peer, forwarded, want string }{
		{"direct", "192.0.2.7:99", "", "192.0.2.7"},
		{"untrusted peer is not believed", "192.0.2.7:99", "203.0.113.1", "192.0.2.7"},
		{"trusted proxy", "10.0.0.1:99", "203.0.113.1", "203.0.113.1"},
		{"a forged hop stands further left", "10.0.0.1:99", "1.1.1.1, 203.0.113.1, 10.0.0.2", "203.0.113.1"},
		{"with a port", "10.0.0.1:99", "203.0.113.1:8080", "203.0.113.1"},
		{"nonsense", "10.0.0.1:99", "203.0.113.1, unknown", "10.0.0.1"},
		{"trusted and silent", "10.0.0.1:99", "", "10.0.0.1"},
		{"mapped", "[::ffff:192.0.2.7]:99", "", "192.0.2.7"},
		{"unix socket", "@", "", "invalid IP"},
	}
	for _, tc := range cases {
		r := &http.Request{RemoteAddr: tc.peer, Header: http.Header{}}
		if tc.forwarded != "" {
			r.Header.Set("X-Forwarded-For", tc.forwarded)
		}
		if got := remoteIP(r, trusted).String(); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
	if a, b := slotKey(netip.MustParseAddr("2001:db8::1")), slotKey(netip.MustParseAddr("2001:db8::2:0:0:1")); a != b {
		t.Errorf("one /64 has two keys: %v %v", a, b)
	}
}

// The manual of the protocol names every refusal with its status.
func TestProtocolNamesEveryRefusal(t *testing.T) {
	doc, err := os.ReadFile("../../ops/docs/PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]string{} // code → the statuses of its row
	for line := range strings.Lines(string(doc)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && strings.ContainsAny(cells[1], "45") {
			for code := range strings.SplitSeq(cells[2], ",") {
				named[strings.Trim(code, " `")] = cells[1]
			}
		}
	}
	for _, r := range Refusals() {
		if status := strconv.Itoa(refusalTable[r].status); !strings.Contains(named[r.String()], "`"+status+"`") {
			t.Errorf("%s: PROTOCOL.md has it in row %q, the code with %s", r, named[r.String()], status)
		}
	}
}
