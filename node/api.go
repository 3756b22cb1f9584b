package node

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/transport/auth"
)

// An api serves /api/v1 to moderators. It asks the actors and waits for their answers; it decides
// nothing itself but who may ask and what a request must look like.
type api struct {
	node    *Node
	key     auth.Key
	origins *http.CrossOriginProtection
	mux     *http.ServeMux
}

const (
	apiPrefix  = "/api/v1/"
	apiTimeout = 10 * time.Second // for the actors' answer
)

// An apiRoute is one method of one path. act names it in the audit log; empty: it is no moderation.
type apiRoute struct {
	method, path string
	handle       func(*apiCall) (*apiAnswer, error)
	act          string
}

// An apiAnswer is what a request got.
type apiAnswer struct {
	status int
	body   any // nil: none
}

// An apiCall is one request that was let in.
type apiCall struct {
	*api
	r   *http.Request
	who apiCaller
	act chat.AuditEvent // what the handler knows of it
}

// apiResource is the methods of one path.
type apiResource map[string]*apiRoute

func newAPI(n *Node) *api {
	a := &api{node: n, key: auth.NewKey(n.cfg.AdminAPIKey.Reveal()), origins: http.NewCrossOriginProtection(), mux: http.NewServeMux()}
	paths := map[string]apiResource{}
	for _, r := range apiRoutes() {
		if paths[r.path] == nil {
			paths[r.path] = apiResource{}
		}
		paths[r.path][r.method] = &r
	}
	for path, methods := range paths {
		a.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { a.serve(w, r, methods) })
	}
	a.mux.HandleFunc(apiPrefix, func(w http.ResponseWriter, r *http.Request) { a.serve(w, r, nil) })
	return a
}

// apiRoutes is the one table of what there is. The OpenAPI file describes the same.
func apiRoutes() []apiRoute {
	const (
		room = apiPrefix + "rooms/{room}/"
		user = apiPrefix + "users/{user}/"
	)
	return []apiRoute{
		{http.MethodGet, room + "messages", (*apiCall).listMessages, ""},
		{http.MethodPost, room + "messages", (*apiCall).postMessage, ""},
		{http.MethodPatch, room + "messages/{id}", (*apiCall).editMessage, "edit_message"},
		{http.MethodDelete, room + "messages/{id}", (*apiCall).deleteMessage, "delete_message"},
		{http.MethodDelete, room + "users/{user}/messages", (*apiCall).bulkDelete, "bulk_delete"},
		{http.MethodGet, room + "presence", (*apiCall).presence, ""},
		{http.MethodPut, room + "slowmode", (*apiCall).slowMode, "slow_mode"},
		{http.MethodPost, user + "disconnect", (*apiCall).disconnect, "disconnect"},
		{http.MethodPut, user + "ban", (*apiCall).ban, "ban"},
		{http.MethodDelete, user + "ban", (*apiCall).unban, "unban"},
		{http.MethodPut, user + "mute", (*apiCall).mute, "mute"},
		{http.MethodDelete, user + "mute", (*apiCall).unmute, "unmute"},
		{http.MethodGet, apiPrefix + "sanctions", (*apiCall).sanctions, ""},
		{http.MethodGet, apiPrefix + "cluster", (*apiCall).cluster, ""},
		{http.MethodGet, apiPrefix + "openapi.json", (*apiCall).openAPI, ""},
	}
}

// ServeHTTP implements http.Handler.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// serve answers a request to one path; without methods there is no such path.
func (a *api) serve(w http.ResponseWriter, r *http.Request, methods apiResource) {
	who, err := a.authorize(r)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	route := methods[method]
	switch {
	case methods == nil:
		a.fail(w, r, problemNoPath)
		return
	case route == nil:
		w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(methods)), ", "))
		a.fail(w, r, problemMethod)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiTimeout)
	defer cancel()
	if ctx.Err() != nil { // nobody waits any more
		a.fail(w, r, ctx.Err())
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, a.bodyLimit())
	c := &apiCall{api: a, r: r.WithContext(ctx), who: who}
	answer, err := route.handle(c)
	c.audit(route, err)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.write(w, answer)
}

// write sends an answer.
func (a *api) write(w http.ResponseWriter, answer *apiAnswer) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if raw, ok := answer.body.(json.RawMessage); ok {
		h.Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(answer.status)
		_, _ = w.Write(raw) // who asked may be gone
		return
	}
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	writeJSON(w, answer.status, answer.body)
}

// audit logs a moderation act and how it ended.
func (c *apiCall) audit(route *apiRoute, err error) {
	if route.act == "" {
		return
	}
	c.act.Name, c.act.By, c.act.Via, c.act.Result = route.act, c.who.id, c.who.via, chat.ResultOK
	if err != nil {
		c.act.Result = problemOf(err).code
	}
	c.node.core.Audit(&c.act)
}
