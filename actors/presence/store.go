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
	applyPresence struct { // answered by applied
		changes []chat.PresenceChange
		reply   *process.Process
	}
	readRoster struct { // who is in a room, all of them; answered by rosterRead
		room  string
		reply *process.Process
	}
)

var (
	_ store.StoreCall = (*applyPresence)(nil)
	_ store.StoreCall = (*readRoster)(nil)
)

func (m *applyPresence) Run(ctx context.Context, s *store.Store) {
	counts, err := s.Presence.Apply(ctx, m.changes)
	m.reply.Post(applied{m.changes, counts, err})
}

func (m *applyPresence) Abort(_ *store.Store, err error) { m.reply.Post(applied{m.changes, nil, err}) }

func (m *readRoster) Run(ctx context.Context, s *store.Store) {
	users, _, err := s.Presence.Roster(ctx, m.room, "", math.MaxInt)
	m.reply.Post(rosterRead{m.room, users, err})
}

func (m *readRoster) Abort(_ *store.Store, err error) {
	m.reply.Post(rosterRead{room: m.room, err: err})
}

// presenceDeps is what the presence tracker works with.
type Deps struct {
	Set *chat.Settings

	In, Out, Store *process.Process
}

// hereIn tells that a session of the user's has entered a room.
func HereIn(room string, id *chat.Identity) here {
	return here{room, wire.User{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar}, id.Role}
}
