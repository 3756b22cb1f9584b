package actors

import (
	"context"

	"chatnode/actors/wire"
)

// A RosterPage is who is present in a room.
type RosterPage struct {
	Counts wire.Counts // of all, not of the page
	Exact  bool        // false while degraded: only this node's users are counted
	Users  []wire.User // by id
	Next   string      // cursor of the next page; empty: this is the last
}

// askForRoster counts and lists who is in a room, at most limit users after the cursor.
func askForRoster(ctx context.Context, tracker *Process, room, cursor string, limit int) (RosterPage, error) {
	answer := make(chan answerTo[RosterPage], 1)
	return await(ctx, tracker.Tell(&askRoster{room: room, cursor: cursor, limit: limit, done: answer}), answer)
}

// askRoster goes from the presence tracker to the store and back.
type askRoster struct {
	room, cursor string
	limit        int
	page         RosterPage
	read         bool     // the store has been asked
	tracker      *Process // set by it
	done         chan<- answerTo[RosterPage]
}

var (
	_ presenceCall = (*askRoster)(nil)
	_ storeCall    = (*askRoster)(nil)
)

func (a *askRoster) ask(p *presence) {
	switch {
	case a.read:
		p.nameAll(a.room, a.page.Users, a.answer)
	case p.alone:
		a.page.Counts = p.state.counts(a.room)
		a.page.Users, a.page.Next = p.state.page(a.room, a.cursor, a.limit)
		p.nameAll(a.room, a.page.Users, a.answer)
	default:
		a.tracker = p.self
		if err := p.core.store.Tell(a); err != nil {
			a.done <- answerTo[RosterPage]{err: err}
		}
	}
}

// run asks for the counts by a change that changes nothing.
func (a *askRoster) run(ctx context.Context, s *store) {
	counts, err := s.presence.Apply(ctx, []PresenceChange{{Room: a.room}})
	if err == nil {
		a.page.Users, a.page.Next, err = s.presence.Roster(ctx, a.room, a.cursor, a.limit)
	}
	if err != nil {
		a.done <- answerTo[RosterPage]{err: lost(err)}
		return
	}
	a.page.Counts, a.page.Exact, a.read = counts[0], true, true
	a.tracker.Post(a)
}

func (a *askRoster) abort(_ *store, err error) { a.done <- answerTo[RosterPage]{err: err} }

func (a *askRoster) answer() { a.done <- answerTo[RosterPage]{value: a.page} }
