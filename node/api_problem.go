package node

import (
	"context"
	"errors"
	"net/http"

	"chatnode/actors"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
	"chatnode/transport/problemjson"
)

// A problem is the reason why a request was not carried out. Its code is part of the API and never changes.
type problem struct {
	problemjson.Problem
	retry bool // the same request may succeed later: the answer has Retry-After
}

func newProblem(status int, code, title string) *problem {
	return &problem{Problem: problemjson.Problem{Status: status, Code: code, Title: title}}
}

func newRetryProblem(status int, code, title string) *problem {
	p := newProblem(status, code, title)
	p.retry = true
	return p
}

// Error returns the code and the detail, for logs.
func (p *problem) Error() string {
	if p.Detail == "" {
		return p.Code
	}
	return p.Code + ": " + p.Detail
}

// Problems that only the API has. codeProblem returns those of the chat protocol.
var (
	problemUnauthorized    = newProblem(http.StatusUnauthorized, "unauthorized", "Send ADMIN_API_KEY as a bearer token, or sign in as an admin.")
	problemBadCredentials  = newProblem(http.StatusUnauthorized, "bad_credentials", "The key or token is invalid.")
	problemForbidden       = newProblem(http.StatusForbidden, "forbidden", "Only admins may use the API.")
	problemOrigin          = newProblem(http.StatusForbidden, "bad_origin", "With a cookie, only pages of the same origin may change data.")
	problemAuthUnavailable = newRetryProblem(http.StatusServiceUnavailable, "auth_unavailable", "Tokens cannot be checked at the moment.")
	problemNoPath          = newProblem(http.StatusNotFound, "no_such_path", "This path does not exist.")
	problemMethod          = newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This path does not support this method. The header Allow lists the supported ones.")
	problemMediaType       = newProblem(http.StatusUnsupportedMediaType, "unsupported_media_type", "The body must be application/json.")
	problemTooLarge        = newProblem(http.StatusRequestEntityTooLarge, "too_large", "The body is too large.")
	problemBadJSON         = newProblem(http.StatusBadRequest, "bad_json", "The body must be one JSON object in UTF-8.")
	problemBadField        = newProblem(http.StatusBadRequest, "bad_field", "A field is missing, unknown or duplicate, or its value has the wrong type or is out of range.")
	problemNoSanction      = newProblem(http.StatusNotFound, "not_found", "The sanction does not exist.")
	problemTimeout         = newRetryProblem(http.StatusGatewayTimeout, "timeout", "The request timed out, and its result is unknown. Retry it with the same idempotency key.")
)

// codeStatus maps the codes of the chat protocol that an API request can get to HTTP statuses.
var codeStatus = map[wire.Code]int{
	wire.CodeBadRoom: http.StatusBadRequest, wire.CodeEmptyMessage: http.StatusBadRequest, wire.CodeBadText: http.StatusBadRequest,
	wire.CodeMessageTooLong: http.StatusBadRequest, wire.CodeForbidden: http.StatusForbidden, wire.CodeNotFound: http.StatusNotFound,
	wire.CodeConflict: http.StatusConflict, wire.CodeOverloaded: http.StatusServiceUnavailable, wire.CodeDegraded: http.StatusServiceUnavailable,
	wire.CodeShuttingDown: http.StatusServiceUnavailable,
}

// codeProblem returns the problem for a code of the chat protocol; for a code without a status, it is "internal".
func codeProblem(c wire.Code) *problem {
	status := codeStatus[c]
	if status == 0 {
		c, status = wire.CodeInternal, http.StatusInternalServerError
	}
	p := newProblem(status, c.String(), c.Text())
	p.retry = c.Retry()
	return p
}

// withDetail returns a copy of the problem with a detail, for example the name of the invalid field.
func (p *problem) withDetail(detail string) *problem {
	c := *p
	c.Detail = detail
	return &c
}

// problemOf returns the problem that a client gets for an error.
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
	case errors.Is(err, actors.ErrNoSanction):
		return problemNoSanction
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return problemTimeout
	}
	return codeProblem(wire.CodeInternal)
}

// fail answers with the problem of an error, and logs errors that an operator must act on.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError {
		a.node.log.Warn().Err(err).Str("method", r.Method).Str("code", p.Code).Msg("api request failed")
	}
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if p.retry {
		h.Set("Retry-After", "1")
	}
	p.Write(w)
}
