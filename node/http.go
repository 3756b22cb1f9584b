package node

import (
	"encoding/json"
	"net/http"

	"chatnode/transport/web"
)

// routes is everything that the node answers.
func (n *Node) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /chat", n.edge)
	mux.HandleFunc("GET /health", n.health)
	mux.HandleFunc("GET /livez", n.livez)
	mux.HandleFunc("GET /readyz", n.readyz)
	mux.Handle("GET /metrics", newMetrics(n))
	moderation := newAPI(n)
	mux.Handle(apiPrefix, moderation)
	mux.Handle("GET /status/data", newStatus(moderation))
	mux.Handle("/", web.Handler())
	return mux
}

// writeJSON answers with v. An answer that cannot be written has nobody to be told to.
func writeJSON(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
