package actors

import (
	"slices"
	"strings"
	"time"

	"chatnode/actors/wire"
)

// roster is who is in a room, as the store has it. Redis cannot page by id, so it is read whole: once for all
// who ask while it is being read, and where it is long once in rosterKept, or a few clients that page through a
// huge room would keep Redis busy with nothing else.
type roster struct {
	users   []wire.User // by id, without names
	reading bool
	asked   []*askWho // while it is being read
}

const (
	rosterKept = time.Second
	rosterLong = 500 // users from which on a roster is kept
)

// who answers a client, now or when the roster has been read.
func (p *presence) who(m *askWho) {
	r := p.rosters[m.room]
	switch {
	case r == nil:
		p.rosters[m.room] = &roster{reading: true, asked: []*askWho{m}}
		p.core.store.Post(&readRoster{m.room, p.self})
	case r.reading:
		r.asked = append(r.asked, m)
	default:
		p.answerWho(r, m)
	}
}

// rosterRead answers all who have waited for it.
func (p *presence) rosterRead(m rosterRead) {
	r := p.rosters[m.room]
	if r == nil || !r.reading {
		return
	}
	asked := r.asked
	r.users, r.reading, r.asked = m.users, false, nil
	for _, a := range asked {
		if m.err != nil {
			answerError(a.client, a.id, wire.CodeDegraded)
			continue
		}
		p.answerWho(r, a)
	}
	if m.err != nil || len(m.users) < rosterLong {
		delete(p.rosters, m.room)
		return
	}
	p.self.After(rosterKept, rosterStale{m.room, r})
}

// answerWho answers with a part of the roster, once it has its names.
func (p *presence) answerWho(r *roster, m *askWho) {
	users, next := r.page(m.cursor, m.limit)
	p.nameAll(m.room, users, func() {
		users, next := answerBudget(p.core.set.OutboxBytes).firstThatFit(users, next)
		m.client.answer(seal(wire.AppendRoster(begin(), m.id, m.room, users, next)))
	})
}

// page is a copy of at most limit users whose ids follow the cursor. next is empty at the end.
func (r *roster) page(cursor string, limit int) (users []wire.User, next string) {
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
