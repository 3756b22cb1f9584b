package presence

import (
	"slices"
	"strings"
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// CachedRoster is who is in a room, as the store has it. Redis cannot page by id, so it is read whole: once for all
// who ask while it is being read, and where it is long once in rosterKept, or a few clients that page through a
// huge room would keep Redis busy with nothing else.
type CachedRoster struct {
	users   []wire.User // by id, without names
	reading bool
	asked   []*RosterRequest // while it is being read
}

const (
	RosterKept = time.Second
	RosterLong = 500 // users from which on a roster is kept
)

// onRosterRequest answers a client, now or when the roster has been read.
func (p *Presence) onRosterRequest(m *RosterRequest) {
	r := p.Rosters[m.Room]
	switch {
	case r == nil:
		p.Rosters[m.Room] = &CachedRoster{reading: true, asked: []*RosterRequest{m}}
		p.Core.Store.Post(&rosterReadRequest{m.Room, p.self})
	case r.reading:
		r.asked = append(r.asked, m)
	default:
		p.answerWho(r, m)
	}
}

// onRosterResult answers all who have waited for it.
func (p *Presence) onRosterResult(m rosterResult) {
	r := p.Rosters[m.room]
	if r == nil || !r.reading {
		return
	}
	asked := r.asked
	r.users, r.reading, r.asked = m.users, false, nil
	for _, a := range asked {
		if m.err != nil {
			fanout.AnswerError(a.Client, a.Id, wire.CodeDegraded)
			continue
		}
		p.answerWho(r, a)
	}
	if m.err != nil || len(m.users) < RosterLong {
		delete(p.Rosters, m.room)
		return
	}
	p.self.PostAfter(RosterKept, rosterExpiredTick{m.room, r})
}

// answerWho answers with a part of the roster, once it has its names.
func (p *Presence) answerWho(r *CachedRoster, m *RosterRequest) {
	users, next := r.page(m.Cursor, m.Limit)
	p.resolveNames(m.Room, users, func() {
		users, next := fanout.Budget(p.Core.Set.OutboxBytes).FitRoster(users, next)
		m.Client.Answer(fanout.Seal(wire.AppendRoster(fanout.Begin(), m.Id, m.Room, users, next)))
	})
}

// page is a copy of at most limit users whose ids follow the cursor. next is empty at the end.
func (r *CachedRoster) page(cursor string, limit int) (users []wire.User, next string) {
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
