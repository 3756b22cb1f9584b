package cluster

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Get returns the body of a page in the format of accept. key is the bearer token. The status must be 200.
func (n *Node) Get(t testing.TB, path, key, accept string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.Addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s of %s: %s, %v", path, n.ID, res.Status, err)
	}
	return string(text)
}

// Metrics returns the metrics without labels, by name. key is METRICS_API_KEY.
func (n *Node) Metrics(t testing.TB, key string) map[string]float64 {
	t.Helper()
	metrics := map[string]float64{}
	for line := range strings.Lines(n.Get(t, "/metrics", key, "text/plain")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			metrics[name] = v
		}
	}
	return metrics
}
