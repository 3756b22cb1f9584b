package problemjson

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestProblemWrite(t *testing.T) {
	for _, c := range []struct {
		problem         Problem
		body, challenge string
	}{
		{
			Problem{http.StatusBadRequest, "bad_field", "A field is invalid.", "limit"},
			`{"type":"about:blank","title":"A field is invalid.","status":400,"code":"bad_field","detail":"limit"}` + "\n", "",
		},
		{
			Problem{http.StatusUnauthorized, "unauthorized", "Sign in.", ""},
			`{"type":"about:blank","title":"Sign in.","status":401,"code":"unauthorized"}` + "\n", "Bearer",
		},
	} {
		w := httptest.NewRecorder()
		c.problem.Write(w)
		if w.Code != c.problem.Status || w.Body.String() != c.body {
			t.Errorf("status %d, body %s, want %s", w.Code, w.Body, c.body)
		}
		h := w.Header()
		if h.Get("Content-Type") != "application/problem+json" || h.Get("Cache-Control") != "no-store" || h.Get("WWW-Authenticate") != c.challenge {
			t.Errorf("headers %v", h)
		}
	}
}
