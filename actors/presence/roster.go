package presence

import (
	"slices"
	"strings"
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// cachedRoster is all users of a room, as read from the store. Redis cannot page by id, so a roster is read
// completely, once for all requests that arrive during the read. A large roster is cached for RosterTTL; otherwise a
// few clients that page through a large room would keep Redis busy.
type cachedRoster struct {
	users   []wire.User     // by id, without names
	reading bool            // the store has been asked
	waiters []RosterRequest // during the read
}

// A roster of at least MinCachedUsers users is cached for RosterTTL.
const (
	RosterTTL      = time.Second
	MinCachedUsers = 500
)

// onRosterRequest answers a client now, or when the roster has been read.
func (t *Tracker) onRosterRequest(m RosterRequest) {
	r := t.rosters[m.Room]
	switch {
	case r == nil:
		t.rosters[m.Room] = &cachedRoster{reading: true, waiters: []RosterRequest{m}}
		t.deps.Store.Post(&rosterReadRequest{m.Room, t.self})
	case r.reading:
		r.waiters = append(r.waiters, m)
	default:
		t.answerRoster(r, m)
	}
}

func (t *Tracker) onRosterReadResult(m rosterReadResult) {
	r := t.rosters[m.room]
	if r == nil || !r.reading {
		return
	}
	waiters := r.waiters
	r.users, r.reading, r.waiters = m.users, false, nil
	for _, w := range waiters {
		if m.err != nil {
			fanout.AnswerError(w.Client, w.Id, wire.CodeDegraded)
			continue
		}
		t.answerRoster(r, w)
	}
	if m.err != nil || len(m.users) < MinCachedUsers {
		delete(t.rosters, m.room)
		return
	}
	t.self.PostAfter(RosterTTL, rosterExpiredTick{m.room, r})
}

func (t *Tracker) onRosterExpired(m rosterExpiredTick) {
	if t.rosters[m.room] == m.roster {
		delete(t.rosters, m.room)
	}
}

// answerRoster answers with one page when its names are known.
func (t *Tracker) answerRoster(r *cachedRoster, m RosterRequest) {
	users, next := r.page(m.Cursor, m.Limit)
	t.resolveNames(m.Room, users, func() {
		users, next := t.deps.Config.Budget.FitRoster(users, next)
		m.Client.Answer(fanout.Seal(wire.AppendRoster(fanout.Begin(), m.Id, m.Room, users, next)))
	})
}

// page returns a copy of at most limit users with greater ids than cursor. next is empty if there are no more.
func (r *cachedRoster) page(cursor string, limit int) (users []wire.User, next string) {
	from, _ := slices.BinarySearchFunc(r.users, cursor, func(u wire.User, id string) int { return strings.Compare(u.ID, id) })
	for from < len(r.users) && r.users[from].ID <= cursor {
		from++
	}
	rest := r.users[from:]
	if len(rest) > limit {
		return slices.Clone(rest[:limit]), rest[limit-1].ID
	}
	return slices.Clone(rest), ""
}
