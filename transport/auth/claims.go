package auth

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"chatnode/actors/chat"
	"chatnode/actors/wire"

	"github.com/golang-jwt/jwt/v5"
)

// Limits of claims.
const (
	maxNameRunes   = 64
	maxAvatarBytes = 2048
)

// leeway is the tolerated clock difference to the issuer of a token.
const leeway = 5 * time.Second

// claims are the claims that are used. RegisteredClaims contains sub, exp and nbf.
type claims struct {
	jwt.RegisteredClaims
	Name   string `json:"name,omitempty"`
	Role   string `json:"role,omitempty"`
	Avatar string `json:"avatar,omitempty"`
}

// identity returns the identity of the claims. The default role is member, and the default name is sub. An avatar
// that is not an https URL is omitted.
func (c *claims) identity() (chat.Identity, error) {
	if !wire.ValidUser(c.Subject) || strings.HasPrefix(c.Subject, guestPrefix) {
		return chat.Identity{}, ErrClaims
	}
	role, err := c.role()
	if err != nil {
		return chat.Identity{}, err
	}
	expires, err := c.expires()
	if err != nil {
		return chat.Identity{}, err
	}
	id := chat.Identity{UserID: c.Subject, UserName: cleanName(c.Name), Role: role, Expires: expires}
	if id.UserName == "" {
		id.UserName = cleanName(c.Subject)
	}
	if validAvatar(c.Avatar) {
		id.Avatar = c.Avatar
	}
	return id, nil
}

func (c *claims) role() (chat.Role, error) {
	if c.Role == "" {
		return chat.RoleMember, nil
	}
	role, ok := chat.ParseRole(c.Role)
	if !ok {
		return role, ErrRole
	}
	return role, nil
}

// expires returns the end of the identity in Unix ms; 0: never. It includes the leeway. Otherwise a token that is
// accepted within the leeway would open a session that ends at once.
func (c *claims) expires() (int64, error) {
	if c.ExpiresAt == nil {
		return 0, nil
	}
	at := c.ExpiresAt.Add(leeway)
	if at.Year() > 9999 || at.UnixMilli() <= 0 { // out of range; larger values overflow
		return 0, ErrClaims
	}
	return at.UnixMilli(), nil
}

// cleanName removes characters that could affect the surrounding text: control characters, invalid UTF-8, and marks
// that change the writing direction. It also limits the length.
func cleanName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > maxNameRunes {
		s = string(runes[:maxNameRunes])
	}
	return strings.TrimSpace(s)
}

// validAvatar reports whether s is an absolute https URL.
func validAvatar(s string) bool {
	if s == "" || len(s) > maxAvatarBytes {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}
