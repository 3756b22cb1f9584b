package node

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"chatnode/actors/chat"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// A problem is why a request was not carried out (RFC 9457). Its code is part of the API and never changes.
type problem struct {
	status int
	code   string
	title  string // safe to show to anybody
	detail string // which field, say; empty: nothing to add
	retry  bool   // the same request may succeed later: Retry-After is sent
}

// Error is the code and the detail, for logs.
func (p *problem) Error() string {
	if p.detail == "" {
		return p.code
	}
	return p.code + ": " + p.detail
}

// The problems that are the API's own. Those of the protocol keep its codes: see codeStatus.
var (
	problemUnauthorized   = &problem{http.StatusUnauthorized, "unauthorized", "Send ADMIN_API_KEY as a bearer token, or sign in as an admin.", "", false}
	problemBadCredentials = &problem{http.StatusUnauthorized, "bad_credentials", "The key or token is not valid.", "", false}
	problemForbidden      = &problem{http.StatusForbidden, "forbidden", "Only admins may use the API.", "", false}
	problemOrigin         = &problem{http.StatusForbidden, "bad_origin", "A cookie changes something for pages of this origin only.", "", false}
	problemAuthDown       = &problem{http.StatusServiceUnavailable, "auth_unavailable", "Tokens cannot be checked at the moment.", "", true}
	problemNoPath         = &problem{http.StatusNotFound, "no_such_path", "There is nothing at this path.", "", false}
	problemMethod         = &problem{http.StatusMethodNotAllowed, "method_not_allowed", "This path does not take this method; see Allow.", "", false}
	problemMediaType      = &problem{http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be application/json.", "", false}
	problemTooLarge       = &problem{http.StatusRequestEntityTooLarge, "too_large", "The body is too large.", "", false}
	problemBadJSON        = &problem{http.StatusBadRequest, "bad_json", "The body is not one JSON object in UTF-8.", "", false}
	problemBadField       = &problem{http.StatusBadRequest, "bad_field", "A field is missing, unknown, given twice, or has a value of the wrong type or range.", "", false}
	problemNoSanction     = &problem{http.StatusNotFound, "not_found", "There is no such sanction.", "", false}
	problemTimeout        = &problem{http.StatusGatewayTimeout, "timeout", "It took too long; whether it was carried out is not known. Under an idempotency key it may be tried again.", "", true}
)

// codeStatus is the HTTP status of the protocol's codes that the API can meet.
var codeStatus = map[wire.Code]int{
	wire.CodeBadRoom: http.StatusBadRequest, wire.CodeEmptyMessage: http.StatusBadRequest, wire.CodeBadText: http.StatusBadRequest,
	wire.CodeMessageTooLong: http.StatusBadRequest, wire.CodeForbidden: http.StatusForbidden, wire.CodeNotFound: http.StatusNotFound,
	wire.CodeConflict: http.StatusConflict, wire.CodeOverloaded: http.StatusServiceUnavailable, wire.CodeDegraded: http.StatusServiceUnavailable,
	wire.CodeShuttingDown: http.StatusServiceUnavailable,
}

// codeProblem is a code of the protocol as a problem.
func codeProblem(c wire.Code) *problem {
	status := codeStatus[c]
	if status == 0 {
		c, status = wire.CodeInternal, http.StatusInternalServerError
	}
	return &problem{status, c.String(), c.Text(), "", c.Retry()}
}

// withDetail is the problem with a field, or with what the detail says.
func (p *problem) withDetail(detail string) *problem {
	with := *p
	with.detail = detail
	return &with
}

// problemOf is how an error is told.
func problemOf(err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, process.ErrMailboxFull):
		return codeProblem(wire.CodeOverloaded)
	case errors.Is(err, process.ErrStopped):
		return codeProblem(wire.CodeShuttingDown)
	case errors.Is(err, chat.ErrDegraded):
		return codeProblem(wire.CodeDegraded)
	case errors.Is(err, moderation.ErrNoSanction):
		return problemNoSanction
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problemTimeout
	}
	return codeProblem(wire.CodeInternal)
}

// fail answers with a problem. What an operator should know of goes to the log.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.status >= http.StatusInternalServerError {
		a.node.log.Warn().Err(err).Str("method", r.Method).Str("code", p.code).Msg("api request failed")
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if p.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	if p.retry {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.status)
	// Who asked may be gone, which is nobody's fault.
	_ = json.NewEncoder(w).Encode(struct {
		Type   string `json:"type"`
		Title  string `json:"title"`
		Status int    `json:"status"`
		Code   string `json:"code"`
		Detail string `json:"detail,omitempty"`
	}{"about:blank", p.title, p.status, p.code, p.detail})
}
