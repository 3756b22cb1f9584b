package presence

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
	"chatnode/actors/wire"
)

// A RosterPage is who is present in a room.
type RosterPage struct {
	Counts wire.Counts // of all, not of the page
	Exact  bool        // false while degraded: only this node's users are counted
	Users  []wire.User // by id
	Next   string      // cursor of the next page; empty: this is the last
}

// AskForRoster counts and lists who is in a room, at most limit users after the cursor.
func AskForRoster(ctx context.Context, tracker *process.Process, room, cursor string, limit int) (RosterPage, error) {
	return process.Ask(ctx, tracker, func(reply chan<- process.Answer[RosterPage]) any {
		return &apiRosterRequest{room: room, cursor: cursor, limit: limit, reply: reply}
	})
}

// apiRosterRequest goes from the presence tracker to the store and back.
type apiRosterRequest struct {
	room, cursor string
	limit        int
	page         RosterPage
	read         bool             // the store has been asked
	tracker      *process.Process // set by it
	reply        chan<- process.Answer[RosterPage]
}

var (
	_ presenceQuery = (*apiRosterRequest)(nil)
	_ store.Request = (*apiRosterRequest)(nil)
)

func (a *apiRosterRequest) ask(p *Presence) {
	switch {
	case a.read:
		p.resolveNames(a.room, a.page.Users, a.answer)
	case p.localOnly:
		a.page.Counts = p.State.counts(a.room)
		a.page.Users, a.page.Next = p.State.page(a.room, a.cursor, a.limit)
		p.resolveNames(a.room, a.page.Users, a.answer)
	default:
		a.tracker = p.self
		if err := p.Core.Store.TryPost(a); err != nil {
			a.reply <- process.Answer[RosterPage]{Err: err}
		}
	}
}

// Run asks for the counts by a change that changes nothing.
func (a *apiRosterRequest) Run(ctx context.Context, s *store.Store) {
	counts, err := s.Presence.Apply(ctx, []chat.PresenceChange{{Room: a.room}})
	if err == nil {
		a.page.Users, a.page.Next, err = s.Presence.Roster(ctx, a.room, a.cursor, a.limit)
	}
	if err != nil {
		a.reply <- process.Answer[RosterPage]{Err: store.AsDegraded(err)}
		return
	}
	a.page.Counts, a.page.Exact, a.read = counts[0], true, true
	a.tracker.Post(a)
}

func (a *apiRosterRequest) Abort(_ *store.Store, err error) {
	a.reply <- process.Answer[RosterPage]{Err: err}
}

func (a *apiRosterRequest) answer() { a.reply <- process.Answer[RosterPage]{Value: a.page} }
