package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"

	"chatnode/actors/chat"
)

// GuestCookie contains the secret of a guest. The public user id is a hash of it and does not reveal the cookie.
const GuestCookie = "chat_guest"

const (
	guestPrefix     = "guest-" // of user ids of guests; a token must not have it
	guestSecretSize = 16       // bytes
	guestCookieTTL  = 365 * 24 * time.Hour
)

// GuestAccess is the access of clients without a token. The zero value is unset.
type GuestAccess string

// Values of GuestAccess.
const (
	GuestsOff   GuestAccess = "off"
	GuestsRead  GuestAccess = "read"
	GuestsWrite GuestAccess = "write"
)

// UnmarshalText parses off, read or write.
func (g *GuestAccess) UnmarshalText(text []byte) error {
	switch s := GuestAccess(text); s {
	case GuestsOff, GuestsRead, GuestsWrite:
		*g = s
		return nil
	}
	return fmt.Errorf("must be %s, %s or %s", GuestsOff, GuestsRead, GuestsWrite)
}

// guestIdentity returns the identity of a request without a token, and the cookie to set; nil: the request has a
// valid one.
func guestIdentity(r *http.Request, readOnly bool) (chat.Identity, *http.Cookie) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(cookieValue(r, GuestCookie))
	var set *http.Cookie
	if err != nil || len(secret) != guestSecretSize {
		secret = make([]byte, guestSecretSize)
		_, _ = rand.Read(secret) // never fails: see crypto/rand
		set = guestCookie(r, secret)
	}
	sum := sha256.Sum256(append([]byte(GuestCookie+":"), secret...))
	return chat.Identity{
		UserID:   guestPrefix + hex.EncodeToString(sum[:16]),
		UserName: "Guest " + guestTag(sum[16], sum[17], sum[18]),
		Role:     chat.RoleGuest,
		ReadOnly: readOnly,
	}, set
}

// guestTag returns four characters that distinguish guests, without characters that look alike.
func guestTag(a, b, c byte) string {
	const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
	n := int(a)<<16 | int(b)<<8 | int(c)
	tag := make([]byte, 4)
	for i := range tag {
		tag[i] = alphabet[n%len(alphabet)]
		n /= len(alphabet)
	}
	return string(tag)
}

func guestCookie(r *http.Request, secret []byte) *http.Cookie {
	return &http.Cookie{
		Name:     GuestCookie,
		Value:    base64.RawURLEncoding.EncodeToString(secret),
		Path:     "/",
		MaxAge:   int(guestCookieTTL / time.Second),
		HttpOnly: true,
		Secure:   r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
		SameSite: http.SameSiteLaxMode,
	}
}
