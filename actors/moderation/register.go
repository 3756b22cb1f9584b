package moderation

import (
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/link"
	"chatnode/actors/process"
)

// sanctionView is the sanctions as they were last heard of. It never changes once it is published, so
// whoever has to obey it reads it without asking anybody.
type sanctionView struct {
	kinds map[chat.SanctionKind]map[string]chat.Sanction
}

func newSanctionView(list []chat.Sanction) *sanctionView {
	v := &sanctionView{kinds: map[chat.SanctionKind]map[string]chat.Sanction{chat.Ban: {}, chat.Mute: {}, chat.SlowMode: {}}}
	for _, s := range list {
		if of := v.kinds[s.Kind]; of != nil { // a newer version's kind is not ours to enforce
			of[s.Subject] = s
		}
	}
	return v
}

// find is the sanction of a subject, lapsed or not. A nil view has none.
func (v *sanctionView) find(kind chat.SanctionKind, subject string) (s chat.Sanction, ok bool) {
	if v == nil {
		return s, false
	}
	s, ok = v.kinds[kind][subject]
	return s, ok
}

// newBans are those that the view before did not have, or had otherwise.
func (v *sanctionView) newBans(before *sanctionView) (fresh []chat.Sanction) {
	for subject, ban := range v.kinds[chat.Ban] {
		if old, ok := before.find(chat.Ban, subject); !ok || old != ban {
			fresh = append(fresh, ban)
		}
	}
	return fresh
}

// Register is the sanctions in force, as everybody may read them.
type Register struct {
	current atomic.Pointer[sanctionView]
	Clock   *cluster.View
}

// Sanctioned is the sanction that holds for a subject now, as this node last heard. It asks nobody.
func (c *Register) Sanctioned(kind chat.SanctionKind, subject string) (chat.Sanction, bool) {
	s, ok := c.current.Load().find(kind, subject)
	if !ok || s.Until != 0 && c.Clock.LogClock(time.Now()) >= s.Until {
		return chat.Sanction{}, false
	}
	return s, true
}

// Banned says whether a user may not come in, and the reason that the user is told.
func (c *Register) Banned(userID string) (reason string, banned bool) {
	s, banned := c.Sanctioned(chat.Ban, userID)
	if !banned {
		return "", false
	}
	return banReason(&s), true
}

// banReason is what a banned user is told.
func banReason(s *chat.Sanction) string {
	if s.Reason == "" {
		return "banned"
	}
	return "banned: " + s.Reason
}

func (c *Register) Muted(userID string) bool {
	_, muted := c.Sanctioned(chat.Mute, userID)
	return muted
}

// SlowMode is the time in which a user may write one message to the room; 0: no limit.
func (c *Register) SlowMode(room string) time.Duration {
	s, _ := c.Sanctioned(chat.SlowMode, room)
	return time.Duration(s.PerUserMs) * time.Millisecond
}

// moderationDeps is what the sanctions work with.
type Service struct {
	Set        *chat.Settings
	Sys        *process.System
	Link       *link.Health
	Port       chat.Sanctions // nil: nobody can be banned or muted
	Sanctioned *Register

	Self, Clients, Out, Store *process.Process
}
