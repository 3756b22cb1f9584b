// Package auth says who is at the other end of an HTTP request, and whether its page may ask.
//
// The map:
//
//	authenticator.go  request → Grant: a token's identity, or a guest's
//	extract.go        where a token may stand in a request
//	verifier.go       token → identity: HS256 by a shared secret; RS256, ES256, EdDSA by a JWKS
//	claims.go         what a token may say, and what is made of it
//	jwks.go           the key set's cache: bounded, refreshed, alive while its endpoint is down
//	jwks_fetch.go     one fetch of the key set
//	mint.go           tokens for `chatnode token` and tests
//	guest.go          stable guest identities from a cookie
//	key.go            API keys, compared in constant time
//	origin.go         which pages may open a connection
//	errors.go         why a token was refused, in words that are safe to show
//	stats.go          how often, by reason
//
// No error of this package, and nothing that it logs, holds a token, a key or a cookie.
package auth
