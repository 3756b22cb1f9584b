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

// An api serves /api/v1. It authorizes and validates requests, sends them to the actors and waits for the results.
type api struct {
	node    *Node
	key     auth.Key
	origins *http.CrossOriginProtection
	mux     *http.ServeMux
}

const (
	apiPrefix  = "/api/v1/"
	apiTimeout = 10 * time.Second // of one request
)

// An apiRoute is one method of one path.
type apiRoute struct {
	method, path string
	handle       func(*apiCall) (*apiAnswer, error)
	action       string // name in the audit log; empty: not audited
}

// An apiAnswer is the response to a request that succeeded.
type apiAnswer struct {
	status int
	body   any // nil: empty
}

// An apiCall is an authorized request.
type apiCall struct {
	*api
	r      *http.Request
	caller apiCaller
	event  chat.AuditEvent // filled in by the handler
}

// apiResource has the route of each method of one path.
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

// apiRoutes returns all routes. A test compares them with the OpenAPI file.
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

// serve answers a request to one path. If methods is nil, the path does not exist.
func (a *api) serve(w http.ResponseWriter, r *http.Request, methods apiResource) {
	caller, err := a.authorize(r)
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
	if ctx.Err() != nil { // the client has disconnected
		a.fail(w, r, ctx.Err())
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, a.bodyLimit())
	c := &apiCall{api: a, r: r.WithContext(ctx), caller: caller}
	answer, err := route.handle(c)
	c.audit(route, err)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.write(w, answer)
}

// write sends an answer. It ignores write errors, because the client may have disconnected.
func (a *api) write(w http.ResponseWriter, answer *apiAnswer) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if raw, ok := answer.body.(json.RawMessage); ok {
		h.Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(answer.status)
		_, _ = w.Write(raw)
		return
	}
	if answer.body == nil {
		w.WriteHeader(answer.status)
		return
	}
	writeJSON(w, answer.status, answer.body)
}

// audit logs an action and its result.
func (c *apiCall) audit(route *apiRoute, err error) {
	if route.action == "" {
		return
	}
	c.event.Name, c.event.By, c.event.Via, c.event.Result = route.action, c.caller.id, c.caller.via, chat.ResultOK
	if err != nil {
		c.event.Result = problemOf(err).Code
	}
	c.node.core.Audit(&c.event)
}
