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

// Subject is the user of a minted token.
type Subject struct {
	UserID string // as in wire.ValidUser, without the prefix "guest-"
	Name   string // optional
	Role   string // guest, member or admin; empty: member
	Avatar string // optional, an https URL
}

// Mint returns an HS256 token that is valid from now for ttl; 0: without end. Its error joins everything that is
// wrong with the subject or the ttl.
func Mint(secret string, subject Subject, now time.Time, ttl time.Duration) (string, error) {
	if err := errors.Join(subject.check(), checkTTL(ttl)); err != nil {
		return "", err
	}
	c := claims{Name: subject.Name, Role: subject.Role, Avatar: subject.Avatar}
	c.Subject = subject.UserID
	c.IssuedAt = jwt.NewNumericDate(now)
	if ttl > 0 {
		c.ExpiresAt = jwt.NewNumericDate(now.Add(ttl))
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, &c).SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

func (s *Subject) check() error {
	var errs []error
	if !wire.ValidUser(s.UserID) || strings.HasPrefix(s.UserID, guestPrefix) {
		errs = append(errs, errors.New("subject: want 1 to 255 printable bytes without surrounding spaces and without the prefix "+guestPrefix))
	}
	if _, ok := chat.ParseRole(s.Role); s.Role != "" && !ok {
		errs = append(errs, errors.New("role: want guest, member or admin"))
	}
	if s.Avatar != "" && !validAvatar(s.Avatar) {
		errs = append(errs, errors.New("avatar: want an https URL"))
	}
	return errors.Join(errs...)
}

func checkTTL(ttl time.Duration) error {
	if ttl < 0 {
		return errors.New("time to live: must not be negative")
	}
	return nil
}
