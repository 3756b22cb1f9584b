package actors

import (
	"sync/atomic"
	"time"
)

// sanctionView is the sanctions as they were last heard of. It never changes once it is published, so
// whoever has to obey it reads it without asking anybody.
type sanctionView struct {
	kinds map[SanctionKind]map[string]Sanction
}

func newSanctionView(list []Sanction) *sanctionView {
	v := &sanctionView{kinds: map[SanctionKind]map[string]Sanction{Ban: {}, Mute: {}, SlowMode: {}}}
	for _, s := range list {
		if of := v.kinds[s.Kind]; of != nil { // a newer version's kind is not ours to enforce
			of[s.Subject] = s
		}
	}
	return v
}

// find is the sanction of a subject, lapsed or not. A nil view has none.
func (v *sanctionView) find(kind SanctionKind, subject string) (s Sanction, ok bool) {
	if v == nil {
		return s, false
	}
	s, ok = v.kinds[kind][subject]
	return s, ok
}

// freshBans are those that the view before did not have, or had otherwise.
func (v *sanctionView) freshBans(before *sanctionView) (fresh []Sanction) {
	for subject, ban := range v.kinds[Ban] {
		if old, ok := before.find(Ban, subject); !ok || old != ban {
			fresh = append(fresh, ban)
		}
	}
	return fresh
}

// sanctionRegister is the sanctions in force, as everybody may read them.
type sanctionRegister struct {
	current atomic.Pointer[sanctionView]
	clock   *clusterView
}

// Sanctioned is the sanction that holds for a subject now, as this node last heard. It asks nobody.
func (c *sanctionRegister) Sanctioned(kind SanctionKind, subject string) (Sanction, bool) {
	s, ok := c.current.Load().find(kind, subject)
	if !ok || s.Until != 0 && c.clock.logClock(time.Now()) >= s.Until {
		return Sanction{}, false
	}
	return s, true
}

// Banned says whether a user may not come in, and the reason that the user is told.
func (c *sanctionRegister) Banned(userID string) (reason string, banned bool) {
	s, banned := c.Sanctioned(Ban, userID)
	if !banned {
		return "", false
	}
	return banReason(&s), true
}

// banReason is what a banned user is told.
func banReason(s *Sanction) string {
	if s.Reason == "" {
		return "banned"
	}
	return "banned: " + s.Reason
}

func (c *sanctionRegister) muted(userID string) bool {
	_, muted := c.Sanctioned(Mute, userID)
	return muted
}

// slowMode is the time in which a user may write one message to the room; 0: no limit.
func (c *sanctionRegister) slowMode(room string) time.Duration {
	s, _ := c.Sanctioned(SlowMode, room)
	return time.Duration(s.PerUserMs) * time.Millisecond
}

// moderationDeps is what the sanctions work with.
type moderationDeps struct {
	set        *Settings
	sys        *System
	link       *linkHealth
	port       Sanctions // nil: nobody can be banned or muted
	sanctioned *sanctionRegister

	self, clients, out, store *Process
}
