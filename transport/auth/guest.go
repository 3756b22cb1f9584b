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

// GuestCookie holds a guest's secret. The user id that everybody sees is made of it and does not
// give it away, so nobody can put on another guest's identity.
const GuestCookie = "chat_guest"

const (
	guestPrefix     = "guest-" // of every guest's user id; no token may claim one
	guestSecretSize = 16       // bytes of the cookie's secret
	guestCookieLife = 365 * 24 * time.Hour
)

// GuestAccess is what a client without a token may do. The zero value is "not said".
type GuestAccess string

// The kinds of guest access.
const (
	GuestsOff   GuestAccess = "off"
	GuestsRead  GuestAccess = "read"
	GuestsWrite GuestAccess = "write"
)

// UnmarshalText reads off, read or write.
func (g *GuestAccess) UnmarshalText(text []byte) error {
	switch s := GuestAccess(text); s {
	case GuestsOff, GuestsRead, GuestsWrite:
		*g = s
		return nil
	}
	return fmt.Errorf("must be %s, %s or %s", GuestsOff, GuestsRead, GuestsWrite)
}

// guest is the identity of a request without a token. The cookie is to be set by the answer; it is
// nil where the request brought one.
func guest(r *http.Request, readOnly bool) (chat.Identity, *http.Cookie) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(cookie(r, GuestCookie))
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

// guestTag is four letters and digits that tell guests of one room apart; none of them looks like another.
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
		MaxAge:   int(guestCookieLife / time.Second),
		HttpOnly: true,
		Secure:   r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
		SameSite: http.SameSiteLaxMode,
	}
}
