package actors

import (
	"slices"
	"time"

	"chatnode/actors/wire"
)

func (s *session) join(c *wire.Command) {
	if c.Room == "" {
		c.Room = DefaultRoom
	}
	at := s.seat(c.Room)
	switch {
	case !wire.ValidRoom(c.Room):
		s.refuse(c.ID, wire.CodeBadRoom)
		return
	case at == nil && len(s.rooms) >= s.core.set.MaxRooms:
		s.refuse(c.ID, wire.CodeTooManyRooms)
		return
	case at == nil:
		s.rooms = append(s.rooms, seat{room: c.Room})
	}
	m := &join{client: s.client, identity: s.identity, id: c.ID, since: c.Since, hasSince: c.HasSince}
	s.self.Hold(joinSlots)
	if err := s.core.rooms.Tell(forward{c.Room, m}); err != nil {
		s.self.Release(joinSlots)
		if at == nil {
			s.forget(c.Room)
		}
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
		return
	}
	s.joins++
}

func (s *session) forget(room string) {
	s.rooms = slices.DeleteFunc(s.rooms, func(t seat) bool { return t.room == room })
}

// entered is the room's word that the client is in. The session may have left meanwhile.
func (s *session) entered(m entered) {
	s.joins--
	if at := s.seat(m.room); at != nil {
		at.process = m.process
	}
}

func (s *session) leave(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	s.tellRoom(*at, leave{client: s.client, id: c.ID})
	s.forget(at.room)
}

func (s *session) history(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	if !s.askRoom(*at, c.ID, &history{client: s.client, id: c.ID, room: at.room, before: c.Before, limit: page(c.Limit)}) {
		s.self.Release(1)
	}
}

func page(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, maxPage)
}

func (s *session) who(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	ask := &askWho{client: s.client, id: c.ID, room: at.room, cursor: c.Cursor, limit: page(c.Limit)}
	if s.core.presence.Tell(ask) != nil {
		s.self.Release(1)
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
	}
}

// typing is lossy: too soon, or nobody there to take it, and it is gone.
func (s *session) typing(c *wire.Command) {
	at := s.seat(c.Room)
	now := time.Now()
	if at == nil || s.identity.ReadOnly || now.Sub(s.typed) < typingInterval || s.core.sanctioned.muted(s.identity.UserID) {
		return
	}
	s.typed = now
	u := wire.User{ID: s.identity.UserID, Name: s.identity.UserName}
	_ = s.core.out.Tell(Signal{Room: at.room, Typing: &u})
}
