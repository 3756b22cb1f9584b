package presence

import (
	"context"

	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// RosterPage is a page of the users of a room.
type RosterPage struct {
	Counts wire.Counts // of all users, not of the page
	Exact  bool        // false: Redis is unavailable, only local users are counted
	Users  []wire.User // by id
	Next   string      // cursor of the next page; empty: this is the last page
}

// Roster returns at most limit users of a room that follow cursor, and the counts of the room.
func Roster(ctx context.Context, tracker *process.Process, room, cursor string, limit int) (RosterPage, error) {
	return process.Ask(ctx, tracker, func(reply chan<- process.Answer[RosterPage]) any {
		return rosterPageRequest{room, cursor, limit, reply}
	})
}

type rosterPageRequest struct {
	room, cursor string
	limit        int
	reply        chan<- process.Answer[RosterPage]
}

func (r rosterPageRequest) finish(page RosterPage, err error) {
	r.reply <- process.Answer[RosterPage]{Value: page, Err: err}
}

func (t *Tracker) onRosterPageRequest(m rosterPageRequest) {
	if t.localOnly {
		page := RosterPage{Counts: t.state.counts(m.room)}
		page.Users, page.Next = t.state.page(m.room, m.cursor, m.limit)
		t.resolveNames(m.room, page.Users, func() { m.finish(page, nil) })
		return
	}
	if err := t.deps.Store.TryPost(&pageReadRequest{m, t.self}); err != nil {
		m.finish(RosterPage{}, err)
	}
}

func (t *Tracker) onPageReadResult(m pageReadResult) {
	t.resolveNames(m.request.room, m.page.Users, func() { m.request.finish(m.page, nil) })
}
