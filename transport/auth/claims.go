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

// Bounds of what is taken over from a token.
const (
	maxNameRunes   = 64
	maxAvatarBytes = 2048
)

// leeway is how far the clock of who issued a token may be from ours.
const leeway = 5 * time.Second

// claims are the parts of a token that are read; RegisteredClaims holds sub, exp and nbf.
type claims struct {
	jwt.RegisteredClaims
	Name   string `json:"name,omitempty"`
	Role   string `json:"role,omitempty"`
	Avatar string `json:"avatar,omitempty"`
}

// identity is who the claims speak of. Without a role it is a member, without a name it is called
// by its sub; an avatar that is no https address is left out.
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

// expires is when the identity ends, in unix ms, 0 for never. It includes the leeway, or a token
// accepted within it would open a session that ends at once.
func (c *claims) expires() (int64, error) {
	if c.ExpiresAt == nil {
		return 0, nil
	}
	at := c.ExpiresAt.Add(leeway)
	if at.Year() > 9999 || at.UnixMilli() <= 0 { // not a time; beyond it the arithmetic wraps round
		return 0, ErrClaims
	}
	return at.UnixMilli(), nil
}

// cleanName is a display name without what could disturb the text around it: control characters,
// broken UTF-8 and the marks that turn the direction of writing.
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

// validAvatar says whether s is an absolute https address.
func validAvatar(s string) bool {
	if s == "" || len(s) > maxAvatarBytes {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}
