package presence

import (
	"context"
	"math"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
)

// Calls of the store. It posts the result to reply.
type (
	updateRequest struct { // result: updateResult
		changes []chat.PresenceChange
		reply   *process.Process
	}
	rosterReadRequest struct { // reads the whole roster of a room; result: rosterReadResult
		room  string
		reply *process.Process
	}
	pageReadRequest struct { // result: pageReadResult; errors are sent to the caller
		request rosterPageRequest
		reply   *process.Process
	}
)

var (
	_ store.Request = (*updateRequest)(nil)
	_ store.Request = (*rosterReadRequest)(nil)
	_ store.Request = (*pageReadRequest)(nil)
)

// Run implements store.Request.
func (r *updateRequest) Run(ctx context.Context, s *store.Store) {
	counts, err := s.Presence.Apply(ctx, r.changes)
	r.reply.Post(updateResult{r.changes, counts, err})
}

// Abort implements store.Request.
func (r *updateRequest) Abort(_ *store.Store, err error) {
	r.reply.Post(updateResult{r.changes, nil, err})
}

// Run implements store.Request.
func (r *rosterReadRequest) Run(ctx context.Context, s *store.Store) {
	users, _, err := s.Presence.Roster(ctx, r.room, "", math.MaxInt)
	r.reply.Post(rosterReadResult{r.room, users, err})
}

// Abort implements store.Request.
func (r *rosterReadRequest) Abort(_ *store.Store, err error) {
	r.reply.Post(rosterReadResult{room: r.room, err: err})
}

// Run implements store.Request. It reads the counts with an empty change.
func (r *pageReadRequest) Run(ctx context.Context, s *store.Store) {
	m := &r.request
	counts, err := s.Presence.Apply(ctx, []chat.PresenceChange{{Room: m.room}})
	if err != nil {
		m.finish(RosterPage{}, store.AsDegraded(err))
		return
	}
	page := RosterPage{Counts: counts[0], Exact: true}
	if page.Users, page.Next, err = s.Presence.Roster(ctx, m.room, m.cursor, m.limit); err != nil {
		m.finish(RosterPage{}, store.AsDegraded(err))
		return
	}
	r.reply.Post(pageReadResult{*m, page})
}

// Abort implements store.Request.
func (r *pageReadRequest) Abort(_ *store.Store, err error) { r.request.finish(RosterPage{}, err) }
