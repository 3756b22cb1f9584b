// Package auth authenticates the clients of HTTP requests, and decides which origins may connect.
//
//	authenticator.go  Authenticator: request -> identity of a token or a guest
//	extract.go        the token in a request
//	verifier.go       Verifier: token -> identity; HS256 with a shared secret, RS256, ES256 and EdDSA with a JWKS
//	claims.go         the claims of a token and the identity from them
//	jwks.go           the cached key set: refreshed, and valid while its endpoint is down
//	jwks_fetch.go     one fetch of the key set
//	mint.go           Mint: tokens for `chatnode token` and tests
//	guest.go          guest identities from a cookie
//	key.go            Key: API keys, compared in constant time
//	origin.go         Origins: the pages that may connect
//	errors.go         reasons for rejection, with texts for clients
//	stats.go          Stats: rejections by reason
//
// Errors and logs of this package never contain a token, a key or a cookie.
package auth
