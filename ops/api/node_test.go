package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/node"
	"chatnode/ops/e2e/client"
	"chatnode/ops/e2e/cluster"
	"chatnode/ops/settings"
)

const (
	adminKey    = "an API key for the admins of 32 characters"
	tokenSecret = "a secret for the tokens of 32 characters"
	waitTimeout = 15 * time.Second // on a busy machine
)

// apiNode is a running node. Requests go to its handler, so that their contexts can end at a known point.
type apiNode struct {
	addr    string
	handler http.Handler
}

// startNode runs a node until the test ends. Settings are "VARIABLE=value"; an empty value removes a default.
func startNode(t *testing.T, more ...string) *apiNode {
	t.Helper()
	port := cluster.FreePort(t)
	env := map[string]string{
		"HOST": "127.0.0.1", "PORT": strconv.Itoa(port), "DATA_DIR": t.TempDir(), "INSTANCE_ID": "node-1", "ADMIN_API_KEY": adminKey,
		"AUTH_JWT_SECRET": tokenSecret, "GUEST_ACCESS": "write", "DRAIN_DELAY": "0s", "SHUTDOWN_TIMEOUT": "5s", "PRESENCE_DEBOUNCE": "10ms",
	}
	for _, s := range more {
		name, value, _ := strings.Cut(s, "=")
		env[name] = value
	}
	cfg, err := settings.Load(env)
	if err != nil {
		t.Fatal(err)
	}
	n, err := node.New(cfg, zerolog.Nop(), "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run the node: %v", err)
		}
	})
	h := n.Handler()
	waitReady(t, h)
	return &apiNode{fmt.Sprintf("127.0.0.1:%d", port), h}
}

// waitReady waits until the node serves. Before that its actors may not be started.
func waitReady(t *testing.T, h http.Handler) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(waitTimeout); time.Now().Before(deadline); <-tick.C {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
		if w.Code == http.StatusOK {
			return
		}
	}
	t.Fatalf("the node is not ready within %v", waitTimeout)
}

// join connects a member and waits until the member is in the room.
func (n *apiNode) join(t *testing.T, user, room string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitTimeout)
	defer cancel()
	s, err := client.Open(ctx, client.Dial{Addr: n.addr, Token: memberToken(user), Query: url.Values{"room": {room}}}, nil)
	if err != nil {
		t.Fatalf("connect as %s: %v", user, err)
	}
	t.Cleanup(s.Close)
	if _, err := s.Await(ctx, func(f client.Frame) bool { return f.Type == "joined" }); err != nil {
		t.Fatal(err)
	}
}

func memberToken(user string) string {
	return client.Token(tokenSecret, client.Claim{Sub: user, Name: user, Role: "member", ExpiresIn: time.Hour})
}

// post stores a message and returns its id.
func (n *apiNode) post(t *testing.T) string {
	t.Helper()
	c := specCase{route: "POST", path: "/rooms/lobby/messages", body: `{"userId":"bot","userName":"Bot","message":"hi"}`}
	w := httptest.NewRecorder()
	n.handler.ServeHTTP(w, c.request(t.Context()))
	var posted struct{ MessageID string }
	if err := json.Unmarshal(w.Body.Bytes(), &posted); err != nil || w.Code != http.StatusCreated {
		t.Fatalf("post a message: status %d, %v: %s", w.Code, err, w.Body)
	}
	return posted.MessageID
}
