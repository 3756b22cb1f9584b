package session

import (
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

func (s *Session) join(c *wire.Command) {
	if c.Room == "" {
		c.Room = chat.DefaultRoom
	}
	at := s.seat(c.Room)
	switch {
	case !wire.ValidRoom(c.Room):
		s.refuse(c.ID, wire.CodeBadRoom)
		return
	case at == nil && len(s.rooms) >= s.core.Set.MaxRooms:
		s.refuse(c.ID, wire.CodeTooManyRooms)
		return
	case at == nil:
		s.rooms = append(s.rooms, seat{room: c.Room})
	}
	m := &room.Join{Client: s.client, Identity: s.Identity, Id: c.ID, Since: c.Since, HasSince: c.HasSince}
	s.self.Hold(fanout.JoinSlots)
	if err := s.core.Rooms.Tell(room.Forward{Room: c.Room, Msg: m}); err != nil {
		s.self.Release(fanout.JoinSlots)
		if at == nil {
			s.forget(c.Room)
		}
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
		return
	}
	s.Joins++
}

func (s *Session) forget(room string) {
	s.rooms = slices.DeleteFunc(s.rooms, func(t seat) bool { return t.room == room })
}

// entered is the room's word that the client is in. The session may have left meanwhile.
func (s *Session) entered(m room.Entered) {
	s.Joins--
	if at := s.seat(m.Room); at != nil {
		at.process = m.Process
	}
}

func (s *Session) leave(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	s.tellRoom(*at, room.Leave{Client: s.client, Id: c.ID})
	s.forget(at.room)
}

func (s *Session) history(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	if !s.askRoom(*at, c.ID, &room.History{Client: s.client, Id: c.ID, Room: at.room, Before: c.Before, Limit: page(c.Limit)}) {
		s.self.Release(1)
	}
}

func page(limit int) int {
	if limit <= 0 {
		return room.DefaultPage
	}
	return min(limit, MaxPage)
}

func (s *Session) who(c *wire.Command) {
	at := s.seat(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.Hold(1)
	ask := &presence.AskWho{Client: s.client, Id: c.ID, Room: at.room, Cursor: c.Cursor, Limit: page(c.Limit)}
	if s.core.Presence.Tell(ask) != nil {
		s.self.Release(1)
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
	}
}

// typing is lossy: too soon, or nobody there to take it, and it is gone.
func (s *Session) typing(c *wire.Command) {
	at := s.seat(c.Room)
	now := time.Now()
	if at == nil || s.Identity.ReadOnly || now.Sub(s.typed) < typingInterval || s.core.Sanctioned.Muted(s.Identity.UserID) {
		return
	}
	s.typed = now
	u := wire.User{ID: s.Identity.UserID, Name: s.Identity.UserName}
	_ = s.core.Out.Tell(chat.Signal{Room: at.room, Typing: &u})
}
