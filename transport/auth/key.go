package auth

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
)

// Key is an API key that can only be compared. It reveals neither the key nor its length, nor how much of a guess is
// correct. The zero Key matches nothing.
type Key struct {
	sum *[sha256.Size]byte
}

// NewKey returns the Key of a secret. The Key of an empty secret matches nothing.
func NewKey(secret string) Key {
	if secret == "" {
		return Key{}
	}
	sum := sha256.Sum256([]byte(secret))
	return Key{&sum}
}

// IsSet reports whether the key can match anything.
func (k Key) IsSet() bool { return k.sum != nil }

// Matches compares guess with the key in constant time.
func (k Key) Matches(guess string) bool {
	sum := sha256.Sum256([]byte(guess))
	return k.sum != nil && subtle.ConstantTimeCompare(sum[:], k.sum[:]) == 1
}

// Authorizes reports whether the request has the key as "Authorization: Bearer".
func (k Key) Authorizes(r *http.Request) bool {
	guess, _ := bearerToken(r.Header.Get("Authorization"))
	return guess != "" && k.Matches(guess)
}
