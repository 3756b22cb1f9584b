package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// A Key is an API key. It can tell a right guess from a wrong one, and nothing else: not the key,
// not its length, not how much of a guess was right. The zero Key matches nothing.
type Key struct {
	sum *[sha256.Size]byte
}

// NewKey makes a Key of a secret; that of an empty secret matches nothing.
func NewKey(secret string) Key {
	if secret == "" {
		return Key{}
	}
	sum := sha256.Sum256([]byte(secret))
	return Key{&sum}
}

// IsSet reports whether anything can match.
func (k Key) IsSet() bool { return k.sum != nil }

// Matches compares a guess with the key, in constant time.
func (k Key) Matches(guess string) bool {
	sum := sha256.Sum256([]byte(guess))
	return k.sum != nil && subtle.ConstantTimeCompare(sum[:], k.sum[:]) == 1
}

// Authorizes reports whether the request carries the key as "Authorization: Bearer".
func (k Key) Authorizes(r *http.Request) bool {
	guess, _ := bearerToken(r.Header.Get("Authorization"))
	return guess != "" && k.Matches(guess)
}
