package node

import (
	"encoding/json"
	"net/http"

	"chatnode/transport/web"
)

// routes is everything that the node answers.
func (n *Node) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/chat", n.wsServer) // which says itself what it takes
	mux.Handle("/health", readOnly(http.HandlerFunc(n.health)))
	mux.Handle("/livez", readOnly(http.HandlerFunc(n.livez)))
	mux.Handle("/readyz", readOnly(http.HandlerFunc(n.readyz)))
	mux.Handle("/metrics", readOnly(newMetrics(n)))
	moderation := newAPI(n)
	mux.Handle(apiPrefix, moderation)
	mux.Handle("/status/data", readOnly(newStatus(moderation)))
	mux.Handle("/", web.Handler())
	return mux
}

// readOnly lets GET and HEAD pass. A pattern that names its method would leave the others to the web
// client, which says that there is no such path.
func readOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		h.ServeHTTP(w, r)
	})
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
