package node

import (
	"context"
	"net/http"
	"testing"
)

// ask sends a request without a body to any path of the node, and returns status and headers of the response.
func (r *apiRig) ask(t *testing.T, method, path string, headers ...string) (status int, header http.Header) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), apiTestTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	setHeaders(req, "", headers)
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header
}

// An existing path answers an unsupported method with 405 and the supported methods, not with 404.
func TestPathsSendAllowHeader(t *testing.T) {
	r := startAPI(t)
	for path, allow := range map[string]string{
		"/": "GET, HEAD", "/chat": "GET", "/health": "GET, HEAD", "/livez": "GET, HEAD", "/readyz": "GET, HEAD",
		"/metrics": "GET, HEAD", "/status/data": "GET, HEAD",
	} {
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			if status, header := r.ask(t, method, path); status != http.StatusMethodNotAllowed || header.Get("Allow") != allow {
				t.Errorf("%s %s: %d, Allow %q", method, path, status, header.Get("Allow"))
			}
		}
	}
}
