package node

import (
	"encoding/json"
	"net/http"

	"chatnode/transport/web"
)

// Handler returns the handler of all HTTP paths.
func (n *Node) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/chat", n.wsServer) // answers other methods than GET itself
	mux.Handle("/health", readOnly(http.HandlerFunc(n.health)))
	mux.Handle("/livez", readOnly(http.HandlerFunc(n.livez)))
	mux.Handle("/readyz", readOnly(http.HandlerFunc(n.readyz)))
	mux.Handle("/metrics", readOnly(newMetrics(n)))
	admin := newAPI(n)
	mux.Handle(apiPrefix, admin)
	mux.Handle("/status/data", readOnly(newStatus(admin)))
	mux.Handle("/", web.Handler())
	return mux
}

// readOnly answers other methods than GET and HEAD with 405. A pattern with a method would not do that: the handler of
// "/" would answer the other methods with 404.
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

// writeJSON answers with v. It ignores write errors, because the client may have disconnected.
func writeJSON(w http.ResponseWriter, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
