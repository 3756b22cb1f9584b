package problemjson

import (
	"encoding/json"
	"net/http"
)

// Problem is the reason why a request was rejected or failed.
type Problem struct {
	Status int
	Code   string // part of the API, never changes
	Title  string // a sentence for the user
	Detail string // the invalid field, for example; empty: none
}

// Write answers with the problem and adds its headers to those of w. It ignores write errors, because the client may
// have disconnected.
func (p *Problem) Write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
		Detail string `json:"detail,omitempty"`
	}{"about:blank", p.Title, p.Status, p.Code, p.Detail})
}
