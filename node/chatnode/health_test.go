package main

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func answerWith(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"path":"` + r.URL.Path + `"}`))
	})
}

func TestHealthQueriesNode(t *testing.T) {
	for status, want := range map[int]int{http.StatusOK: exitOK, http.StatusServiceUnavailable: exitFailed} {
		s := httptest.NewServer(answerWith(status))
		defer s.Close()
		_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
		c := newConsole(map[string]string{"PORT": port}, serveOK)
		if code := c.do("health"); code != want || !strings.Contains(c.out.String(), "/readyz") {
			t.Errorf("%d: exit %d, %s %s", status, code, c.out.String(), c.err.String())
		}
		c = newConsole(nil, serveOK)
		if code := c.do("health", "--url", s.URL+"/health"); code != want || !strings.Contains(c.out.String(), `"/health"`) {
			t.Errorf("%d: exit %d, %s", status, code, c.out.String())
		}
	}
}

func TestHealthFailsWithoutNode(t *testing.T) {
	c := newConsole(nil, serveOK)
	if code := c.do("health", "--port=1", "--timeout=1s"); code != exitFailed {
		t.Errorf("exit %d", code)
	}
}

// With TLS, only the certificate in TLS_CERT is accepted.
func TestHealthPinsCertificate(t *testing.T) {
	s := httptest.NewTLSServer(answerWith(http.StatusOK))
	defer s.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "https://"), ":")
	own := filepath.Join(t.TempDir(), "own.pem")
	other := filepath.Join(t.TempDir(), "other.pem")
	for file, der := range map[string][]byte{own: s.Certificate().Raw, other: []byte("other")} {
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range map[string]int{own: exitOK, other: exitFailed, "/does/not/exist": exitFailed} {
		c := newConsole(nil, serveOK)
		if code := c.do("health", "--host=127.0.0.1", "--port="+port, "--tls-cert="+file); code != want {
			t.Errorf("%s: exit %d, %s", file, code, c.err.String())
		}
	}
}

func TestHealthAddress(t *testing.T) {
	for want, h := range map[string]healthCommand{
		"http://127.0.0.1:3001/readyz":  {Host: "0.0.0.0", Port: 3001},
		"http://[::1]:3001/readyz":      {Host: "::", Port: 3001},
		"https://10.0.0.7:8443/readyz":  {Host: "10.0.0.7", Port: 8443, TLSCert: "c.pem"},
		"https://chat.example.com/live": {URL: "https://chat.example.com/live", Host: "0.0.0.0"},
	} {
		if got := h.address(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
