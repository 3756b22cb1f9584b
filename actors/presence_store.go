package actors

import (
	"context"
	"math"

	"chatnode/actors/wire"
)

// What the tracker asks of the store.
type (
	applyPresence struct { // answered by applied
		changes []PresenceChange
		reply   *Process
	}
	readRoster struct { // who is in a room, all of them; answered by rosterRead
		room  string
		reply *Process
	}
)

var (
	_ storeCall = (*applyPresence)(nil)
	_ storeCall = (*readRoster)(nil)
)

func (m *applyPresence) run(ctx context.Context, s *store) {
	counts, err := s.presence.Apply(ctx, m.changes)
	m.reply.Post(applied{m.changes, counts, err})
}

func (m *applyPresence) abort(_ *store, err error) { m.reply.Post(applied{m.changes, nil, err}) }

func (m *readRoster) run(ctx context.Context, s *store) {
	users, _, err := s.presence.Roster(ctx, m.room, "", math.MaxInt)
	m.reply.Post(rosterRead{m.room, users, err})
}

func (m *readRoster) abort(_ *store, err error) { m.reply.Post(rosterRead{room: m.room, err: err}) }

// presenceDeps is what the presence tracker works with.
type presenceDeps struct {
	set *Settings

	in, out, store *Process
}

// hereIn tells that a session of the user's has entered a room.
func hereIn(room string, id *Identity) here {
	return here{room, wire.User{ID: id.UserID, Name: id.UserName, Avatar: id.Avatar}, id.Role}
}
