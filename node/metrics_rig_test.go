package node

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"chatnode/transport/auth"
)

const (
	metricsKey  = "a key for the metrics of 32 characters"
	tokenSecret = "a secret for the tokens of 32 characters"
)

// newMetricsNode constructs a node that accepts metricsKey and tokens, without starting it. Settings have the form
// "VARIABLE=value".
func newMetricsNode(t *testing.T, settings ...string) *Node {
	t.Helper()
	pairs := map[string]string{
		"DATA_DIR": t.TempDir(), "INSTANCE_ID": "node-1", "METRICS_API_KEY": metricsKey, "AUTH_JWT_SECRET": tokenSecret,
	}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		pairs[name] = value
	}
	n, err := New(mustLoad(t, nil, pairs), zerolog.Nop(), "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.backend.close(); err != nil {
			t.Errorf("close the backend: %v", err)
		}
	})
	return n
}

// ask returns the response to GET /metrics with these headers, which are alternating names and values.
func (n *Node) ask(headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://chat.example/metrics", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	n.server.Handler.ServeHTTP(w, r)
	return w
}

func token(t *testing.T, role string) string {
	t.Helper()
	minted, err := auth.Mint(tokenSecret, auth.Subject{UserID: "u-" + role, Role: role}, time.Now(), time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return minted
}
