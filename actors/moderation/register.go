package moderation

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
)

// Register is the sanctions in force, as of the last read of the moderator. All methods are safe for concurrent use
// and do not block.
type Register struct {
	current atomic.Pointer[view] // nil before the first read
	clock   *cluster.View
}

// NewRegister returns an empty Register. A sanction ends by the clock of the log, which clock provides.
func NewRegister(clock *cluster.View) *Register { return &Register{clock: clock} }

// Sanctioned returns the sanction of a subject that is in force now.
func (r *Register) Sanctioned(kind chat.SanctionKind, subject string) (chat.Sanction, bool) {
	s, ok := r.current.Load().find(kind, subject)
	if !ok || s.Until != 0 && r.clock.LogClock(time.Now()) >= s.Until {
		return chat.Sanction{}, false
	}
	return s, true
}

// Banned reports whether a user may not connect, and the reason for the user.
func (r *Register) Banned(userID string) (reason string, banned bool) {
	s, banned := r.Sanctioned(chat.Ban, userID)
	if !banned {
		return "", false
	}
	return banReason(&s), true
}

// Muted reports whether a user may not write.
func (r *Register) Muted(userID string) bool {
	_, muted := r.Sanctioned(chat.Mute, userID)
	return muted
}

// SlowMode returns the time in which a user may write one message to the room; 0: no limit.
func (r *Register) SlowMode(room string) time.Duration {
	s, _ := r.Sanctioned(chat.SlowMode, room)
	return time.Duration(s.PerUserMs) * time.Millisecond
}

// List returns at most limit sanctions in force, sorted by kind and subject: those of the kind (empty: all kinds) that
// follow after (zero: from the first).
func (r *Register) List(kind chat.SanctionKind, after chat.Sanction, limit int) (list []chat.Sanction, more bool) {
	v := r.current.Load()
	if v == nil {
		return nil, false
	}
	for k, subjects := range v.kinds {
		for subject := range subjects {
			s, inForce := r.Sanctioned(k, subject)
			if inForce && (kind == "" || kind == k) && compareSanctions(after, s) < 0 {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, compareSanctions)
	if more = len(list) > limit; more {
		list = list[:limit:limit]
	}
	return list, more
}

func compareSanctions(a, b chat.Sanction) int {
	if c := strings.Compare(string(a.Kind), string(b.Kind)); c != 0 {
		return c
	}
	return strings.Compare(a.Subject, b.Subject)
}

// banReason returns the reason for a banned user.
func banReason(s *chat.Sanction) string {
	if s.Reason == "" {
		return "banned"
	}
	return "banned: " + s.Reason
}

// view is the result of one read. It does not change after it is published.
type view struct {
	kinds map[chat.SanctionKind]map[string]chat.Sanction // by subject
}

// newView drops the kinds of a newer version, because this node cannot enforce them.
func newView(list []chat.Sanction) *view {
	v := &view{kinds: map[chat.SanctionKind]map[string]chat.Sanction{chat.Ban: {}, chat.Mute: {}, chat.SlowMode: {}}}
	for _, s := range list {
		if subjects := v.kinds[s.Kind]; subjects != nil {
			subjects[s.Subject] = s
		}
	}
	return v
}

// find returns the sanction of a subject, also if it has ended. A nil view is empty.
func (v *view) find(kind chat.SanctionKind, subject string) (s chat.Sanction, ok bool) {
	if v == nil {
		return s, false
	}
	s, ok = v.kinds[kind][subject]
	return s, ok
}

// newBans returns the bans that old does not contain, or contains with other values.
func (v *view) newBans(old *view) (bans []chat.Sanction) {
	for subject, ban := range v.kinds[chat.Ban] {
		if known, ok := old.find(chat.Ban, subject); !ok || known != ban {
			bans = append(bans, ban)
		}
	}
	return bans
}
