package auth

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"

	"github.com/golang-jwt/jwt/v5"
)

// A Subject is whom Mint makes a token for.
type Subject struct {
	UserID string // as wire.ValidUser has it, not beginning with "guest-"
	Name   string // optional
	Role   string // guest, member or admin; empty: member
	Avatar string // optional, an https address
}

// Mint makes an HS256 token that is valid from now for ttl; 0 is for ever. Its errors, joined, are
// what is wrong with the subject or the ttl.
func Mint(secret string, who Subject, now time.Time, ttl time.Duration) (string, error) {
	if err := errors.Join(who.check(), checkTTL(ttl)); err != nil {
		return "", err
	}
	c := claims{Name: who.Name, Role: who.Role, Avatar: who.Avatar}
	c.Subject = who.UserID
	c.IssuedAt = jwt.NewNumericDate(now)
	if ttl > 0 {
		c.ExpiresAt = jwt.NewNumericDate(now.Add(ttl))
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, &c).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign the token: %w", err)
	}
	return token, nil
}

func (s *Subject) check() error {
	var errs []error
	if !wire.ValidUser(s.UserID) || strings.HasPrefix(s.UserID, guestPrefix) {
		errs = append(errs, errors.New("the subject must be 1 to 255 bytes that can be printed, without space around them, and not begin with "+guestPrefix))
	}
	if _, ok := chat.ParseRole(s.Role); s.Role != "" && !ok {
		errs = append(errs, errors.New("the role must be guest, member or admin"))
	}
	if s.Avatar != "" && !validAvatar(s.Avatar) {
		errs = append(errs, errors.New("the avatar must be an https address"))
	}
	return errors.Join(errs...)
}

func checkTTL(ttl time.Duration) error {
	if ttl < 0 {
		return errors.New("the time to live must not be negative")
	}
	return nil
}
