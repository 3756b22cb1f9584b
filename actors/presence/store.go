package presence

import (
	"context"
	"math"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/store"
	"chatnode/actors/wire"
)

// What the tracker asks of the store.
type (
	presenceUpdate struct { // answered by applied
		changes []chat.PresenceChange
		reply   *process.Process
	}
	rosterReadRequest struct { // who is in a room, all of them; answered by rosterRead
		room  string
		reply *process.Process
	}
)

var (
	_ store.Request = (*presenceUpdate)(nil)
	_ store.Request = (*rosterReadRequest)(nil)
)

func (m *presenceUpdate) Run(ctx context.Context, s *store.Store) {
	counts, err := s.Presence.Apply(ctx, m.changes)
	m.reply.Post(presenceResult{m.changes, counts, err})
}

func (m *presenceUpdate) Abort(_ *store.Store, err error) {
	m.reply.Post(presenceResult{m.changes, nil, err})
}

func (m *rosterReadRequest) Run(ctx context.Context, s *store.Store) {
	users, _, err := s.Presence.Roster(ctx, m.room, "", math.MaxInt)
	m.reply.Post(rosterResult{m.room, users, err})
}

func (m *rosterReadRequest) Abort(_ *store.Store, err error) {
	m.reply.Post(rosterResult{room: m.room, err: err})
}

// presenceDeps is what the presence tracker works with.
type Deps struct {
	Set *chat.Settings

	In, Out, Store *process.Process
}

// HereIn tells that a session of the user's has entered a room.
func HereIn(room string, id *chat.Identity) userEntered {
	return userEntered{room, wire.User{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar}, id.Role}
}
