package auth

import "net/http"

// Error is the reason for a rejected request. It never contains the credential.
type Error struct {
	Reason string // stable label for metrics, for example "expired"
	Text   string // one sentence for clients
	Status int    // of the HTTP response
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// Reasons for rejection. Compare them with errors.Is.
var (
	ErrMissing       = &Error{"missing", "Sign in first. This server does not accept guests.", http.StatusUnauthorized}
	ErrMalformed     = &Error{"malformed", "The token is malformed.", http.StatusUnauthorized}
	ErrExpired       = &Error{"expired", "The token has expired.", http.StatusUnauthorized}
	ErrNotYet        = &Error{"not_yet", "The token is not valid yet.", http.StatusUnauthorized}
	ErrSignature     = &Error{"signature", "The signature of the token is invalid.", http.StatusUnauthorized}
	ErrClaims        = &Error{"claims", "The claims of the token are invalid.", http.StatusUnauthorized}
	ErrRole          = &Error{"role", "The role of the token is unknown.", http.StatusUnauthorized}
	ErrNotConfigured = &Error{"not_configured", "This server does not accept tokens.", http.StatusUnauthorized}
	ErrUnavailable   = &Error{"unavailable", "Tokens cannot be verified at the moment.", http.StatusServiceUnavailable}
)

// Errors returns all reasons, so that their metrics can start at zero.
func Errors() []*Error {
	return []*Error{ErrMissing, ErrMalformed, ErrExpired, ErrNotYet, ErrSignature, ErrClaims, ErrRole, ErrNotConfigured, ErrUnavailable}
}
