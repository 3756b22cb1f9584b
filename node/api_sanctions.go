package node

import (
	"net/http"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Bounds of sanctions.
const (
	maxReason    = 100                  // bytes: it must fit a close frame, behind "banned: "
	maxSeconds   = 10 * 365 * 24 * 3600 // ten years; without seconds it holds for ever
	maxPerUserMs = 6 * 3600 * 1000      // six hours
)

// sanctionBody is a sanction; times are ms since the Unix epoch. Until is missing where it has no end.
type sanctionBody struct {
	Kind      string `json:"kind"`
	UserID    string `json:"userId,omitempty"`
	Room      string `json:"room,omitempty"`
	PerUserMs int64  `json:"perUserMs,omitempty"`
	Reason    string `json:"reason,omitempty"`
	By        string `json:"by"`
	Since     int64  `json:"since"`
	Until     int64  `json:"until,omitempty"`
}

type sanctionsBody struct {
	Data []sanctionBody `json:"data"`
	Next string         `json:"next,omitempty"`
}

func newSanctionBody(s *chat.Sanction) sanctionBody {
	b := sanctionBody{Kind: string(s.Kind), PerUserMs: s.PerUserMs, Reason: s.Reason, By: s.By, Since: s.Since, Until: s.Until}
	if s.Kind == chat.SlowMode {
		b.Room = s.Subject
	} else {
		b.UserID = s.Subject
	}
	return b
}

func (c *apiCall) ban() (*apiAnswer, error)    { return c.impose(chat.Ban) }
func (c *apiCall) mute() (*apiAnswer, error)   { return c.impose(chat.Mute) }
func (c *apiCall) unban() (*apiAnswer, error)  { return c.lift(chat.Ban) }
func (c *apiCall) unmute() (*apiAnswer, error) { return c.lift(chat.Mute) }

// impose bans or mutes the path's user.
func (c *apiCall) impose(kind chat.SanctionKind) (*apiAnswer, error) {
	user, err := c.user()
	if err != nil {
		return nil, err
	}
	var in struct {
		Reason  string `json:"reason"`
		Seconds *int64 `json:"seconds"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	reason, err := c.reason(in.Reason)
	if err != nil {
		return nil, err
	}
	var span time.Duration
	if in.Seconds != nil {
		if *in.Seconds < 1 || *in.Seconds > maxSeconds {
			return nil, problemBadField.withDetail("seconds")
		}
		span = time.Duration(*in.Seconds) * time.Second
	}
	s, err := c.node.core.Impose(c.r.Context(), chat.Sanction{Kind: kind, Subject: user, Reason: reason, By: c.who.id}, span)
	if err != nil {
		return nil, err
	}
	return &apiAnswer{http.StatusOK, newSanctionBody(&s)}, nil
}

// lift ends the sanction of the path's user.
func (c *apiCall) lift(kind chat.SanctionKind) (*apiAnswer, error) {
	user, err := c.user()
	if err != nil {
		return nil, err
	}
	if err := c.node.core.Lift(c.r.Context(), kind, user); err != nil {
		return nil, err
	}
	return &apiAnswer{http.StatusNoContent, nil}, nil
}

// reason is what the user is told; it is noted for the audit log.
func (c *apiCall) reason(text string) (string, error) {
	clean, code := wire.CleanText(text, maxReason)
	if code != wire.CodeNone || len(clean) > maxReason || strings.Contains(clean, "\n") {
		return "", problemBadField.withDetail("reason")
	}
	c.act.Reason = clean
	return clean, nil
}

func (c *apiCall) disconnect() (*apiAnswer, error) {
	user, err := c.user()
	if err != nil {
		return nil, err
	}
	var in struct {
		Reason string `json:"reason"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	reason, err := c.reason(in.Reason)
	if err != nil {
		return nil, err
	}
	if err := c.node.core.Disconnect(c.r.Context(), user, reason); err != nil {
		return nil, err
	}
	return &apiAnswer{http.StatusNoContent, nil}, nil
}
