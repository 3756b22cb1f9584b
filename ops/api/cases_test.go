package api

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// specCase is a request to one route of the OpenAPI file.
type specCase struct {
	route  string // METHOD path, as in the file
	path   string // with parameters
	body   string
	kind   string // Content-Type; empty: application/json if there is a body
	bearer string // empty: adminKey
}

func (c *specCase) request(ctx context.Context) *http.Request {
	method, _, _ := strings.Cut(c.route, " ")
	req := httptest.NewRequestWithContext(ctx, method, "http://chat.example/api/v1"+c.path, strings.NewReader(c.body))
	switch c.bearer {
	case "":
		req.Header.Set("Authorization", "Bearer "+adminKey)
	case "-":
	default:
		req.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	switch {
	case c.kind != "":
		req.Header.Set("Content-Type", c.kind)
	case c.body != "":
		req.Header.Set("Content-Type", "application/json")
	default:
		req.Body = http.NoBody
	}
	return req
}

// successes returns one request that succeeds for each route, to be sent in this order.
func (n *apiNode) successes(t *testing.T) []specCase {
	t.Helper()
	edited, deleted := n.post(t), n.post(t)
	return []specCase{
		{route: "POST /rooms/{room}/messages", path: "/rooms/lobby/messages", body: `{"id":"k","userId":"bot","userName":"Bot","message":"hi"}`},
		{route: "PATCH /rooms/{room}/messages/{id}", path: "/rooms/lobby/messages/" + edited, body: `{"message":"ho"}`},
		{route: "DELETE /rooms/{room}/messages/{id}", path: "/rooms/lobby/messages/" + deleted},
		{route: "GET /rooms/{room}/messages", path: "/rooms/lobby/messages?limit=2"},
		{route: "DELETE /rooms/{room}/users/{user}/messages", path: "/rooms/lobby/users/bot/messages"},
		{route: "GET /rooms/{room}/presence", path: "/rooms/lobby/presence"},
		{route: "PUT /rooms/{room}/slowmode", path: "/rooms/lobby/slowmode", body: `{"perUserMs":1}`},
		{route: "POST /users/{user}/disconnect", path: "/users/eve/disconnect", body: `{"reason":"bye"}`},
		{route: "PUT /users/{user}/ban", path: "/users/eve/ban", body: `{"reason":"spam","seconds":60}`},
		{route: "PUT /users/{user}/mute", path: "/users/eve/mute", body: `{"reason":"noise"}`},
		{route: "GET /sanctions", path: "/sanctions"},
		{route: "DELETE /users/{user}/ban", path: "/users/eve/ban"},
		{route: "DELETE /users/{user}/mute", path: "/users/eve/mute"},
		{route: "GET /cluster", path: "/cluster"},
		{route: "GET /openapi.json", path: "/openapi.json"},
	}
}

// keyToken returns a token whose key must be fetched.
func keyToken(t *testing.T) string {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	bearer := jwt.NewWithClaims(jwt.SigningMethodEdDSA, jwt.MapClaims{"sub": "root", "role": "admin", "exp": time.Now().Add(time.Hour).Unix()})
	bearer.Header["kid"] = "k1"
	signed, err := bearer.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// exchanges returns an exchange for each response: the success of each route, and each of its failures.
func exchanges(t *testing.T) (all []exchange) {
	t.Helper()
	n := startNode(t)
	n.join(t, "ann", "lobby") // so that the roster has a user
	down := startNode(t, "AUTH_JWT_SECRET=", "AUTH_JWKS_URL=http://127.0.0.1:1/keys", "INSTANCE_ID=no-keys")
	unverifiable := keyToken(t)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range n.successes(t) {
		all = append(all, n.serveIn(t.Context(), &c))
		nobody, member, outage := c, c, c
		nobody.bearer, member.bearer, outage.bearer = "-", memberToken("u-member"), unverifiable
		all = append(all, n.serveIn(t.Context(), &nobody), n.serveIn(t.Context(), &member), down.serveIn(t.Context(), &outage), n.serveIn(ended, &c))
		for _, bad := range c.spoilt() {
			all = append(all, n.serveIn(t.Context(), &bad))
		}
	}
	return all
}

// spoilt returns invalid variants of the case.
func (c *specCase) spoilt() (bad []specCase) {
	method, path, _ := strings.Cut(c.route, " ")
	with := func(change func(*specCase)) {
		b := *c
		change(&b)
		bad = append(bad, b)
	}
	if c.body != "" {
		with(func(b *specCase) { b.kind = "text/plain" })
		with(func(b *specCase) { b.body = `{"message":"` + strings.Repeat("x", 100<<10) + `"}` })
		with(func(b *specCase) { b.body = `{"unknown":1}` })
	}
	if method == http.MethodGet && path != "/openapi.json" {
		with(func(b *specCase) { b.path = strings.Split(b.path, "?")[0] + "?limit=0" })
	}
	if strings.Contains(path, "{room}") {
		with(func(b *specCase) { b.path = strings.Replace(b.path, "lobby", "no%20room", 1) })
	}
	switch {
	case strings.HasSuffix(path, "/{id}"):
		with(func(b *specCase) { b.path = "/rooms/lobby/messages/none" })
	case method == http.MethodDelete && strings.HasPrefix(path, "/users/"):
		with(func(b *specCase) { b.path = strings.Replace(b.path, "eve", "mallory", 1) })
		with(func(b *specCase) { b.path = strings.Replace(b.path, "eve", "no%0Auser", 1) })
	}
	return bad
}
