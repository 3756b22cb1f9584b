package node

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

const (
	adminKey       = "an API key for the admins of 32 characters"
	apiTestTimeout = 15 * time.Second // for any operation, on a busy machine
)

// A logBuffer contains the log of a node.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// lines returns the log lines that have all of these members.
func (b *logBuffer) lines(members map[string]any) (found []map[string]any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for line := range strings.Lines(b.text.String()) {
		var object map[string]any
		if json.Unmarshal([]byte(line), &object) != nil {
			continue
		}
		matches := true
		for name, value := range members {
			matches = matches && object[name] == value
		}
		if matches {
			found = append(found, object)
		}
	}
	return found
}

// An apiRig is a real node that listens on a free port.
type apiRig struct {
	*Node
	url  string
	logs *logBuffer
	stop func()
}

// startAPI runs a node that accepts adminKey and tokens until the test ends. Settings have the form "VARIABLE=value".
func startAPI(t *testing.T, settings ...string) *apiRig {
	t.Helper()
	pairs := map[string]string{
		"HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": t.TempDir(), "INSTANCE_ID": "node-1", "ADMIN_API_KEY": adminKey,
		"AUTH_JWT_SECRET": tokenSecret, "GUEST_ACCESS": "write", "DRAIN_DELAY": "0s", "SHUTDOWN_TIMEOUT": "5s", "PRESENCE_DEBOUNCE": "10ms",
	}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		if pairs[name] = value; value == "" {
			delete(pairs, name)
		}
	}
	r := &apiRig{logs: &logBuffer{}}
	n, err := New(mustLoad(t, nil, pairs), zerolog.New(r.logs), "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	r.Node = n
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	r.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(r.stop)
	eventually(t, "the node serves", func() bool {
		serving := r.logs.lines(map[string]any{"message": "serving"})
		if len(serving) == 1 {
			r.url, _ = serving[0]["address"].(string)
		}
		return r.url != ""
	})
	return r
}

// eventually waits until ok returns true.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(apiTestTimeout)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("timeout after %v, waiting until %s", apiTestTimeout, what)
		}
	}
}

// A reply is a response of the API with its body.
type reply struct {
	status int
	header http.Header
	body   string
	fields map[string]any
}

// call sends a request with adminKey to the API. Headers are alternating names and values. An empty Authorization
// removes the key.
func (r *apiRig) call(t *testing.T, method, path, body string, headers ...string) *reply {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), apiTestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	setHeaders(req, body, headers)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer := &reply{status: res.StatusCode, header: res.Header, body: string(raw)}
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &answer.fields); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, raw)
		}
	}
	return answer
}

func setHeaders(req *http.Request, body string, headers []string) {
	req.Header.Set("Authorization", "Bearer "+adminKey)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
}

// want calls the API, and fails the test if the response has another status.
func (r *apiRig) want(t *testing.T, status int, method, path, body string, headers ...string) *reply {
	t.Helper()
	got := r.call(t, method, path, body, headers...)
	if got.status != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, got.status, status, got.body)
	}
	return got
}
