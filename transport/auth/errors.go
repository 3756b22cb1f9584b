package auth

import "net/http"

// An Error says why somebody was refused. It never holds what was presented.
type Error struct {
	Reason string // stable and short, fit for a metric's label, for example "expired"
	Text   string // one sentence that is safe to show to anybody
	Status int    // the HTTP status that says it
}

// Error is the safe sentence.
func (e *Error) Error() string { return e.Text }

// Why a request is refused. Compare with errors.Is.
var (
	ErrMissing       = &Error{"missing", "Sign in first: this server takes no guests.", http.StatusUnauthorized}
	ErrMalformed     = &Error{"malformed", "The token is malformed.", http.StatusUnauthorized}
	ErrExpired       = &Error{"expired", "The token has expired.", http.StatusUnauthorized}
	ErrNotYet        = &Error{"not_yet", "The token is not valid yet.", http.StatusUnauthorized}
	ErrSignature     = &Error{"signature", "The token's signature is not valid.", http.StatusUnauthorized}
	ErrClaims        = &Error{"claims", "The token's claims are not valid.", http.StatusUnauthorized}
	ErrRole          = &Error{"role", "The token's role is unknown.", http.StatusUnauthorized}
	ErrNotConfigured = &Error{"not_configured", "This server takes no tokens.", http.StatusUnauthorized}
	ErrUnavailable   = &Error{"unavailable", "Tokens cannot be checked at the moment.", http.StatusServiceUnavailable}
)

// Errors lists every Error, so that their metrics can be registered at zero.
func Errors() []*Error {
	return []*Error{ErrMissing, ErrMalformed, ErrExpired, ErrNotYet, ErrSignature, ErrClaims, ErrRole, ErrNotConfigured, ErrUnavailable}
}
