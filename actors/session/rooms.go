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

func (s *Session) handleJoin(c *wire.Command) {
	if c.Room == "" {
		c.Room = chat.DefaultRoom
	}
	at := s.findRoom(c.Room)
	switch {
	case !wire.ValidRoom(c.Room):
		s.refuse(c.ID, wire.CodeBadRoom)
		return
	case at == nil && len(s.rooms) >= s.core.Set.MaxRooms:
		s.refuse(c.ID, wire.CodeTooManyRooms)
		return
	case at == nil:
		s.rooms = append(s.rooms, joinedRoom{room: c.Room})
	}
	m := &room.JoinRequest{Client: s.client, Identity: s.Identity, Id: c.ID, Since: c.Since, HasSince: c.HasSince}
	s.self.TakeSlots(fanout.JoinSlots)
	if err := s.core.Rooms.TryPost(&room.RoomMessage{Room: c.Room, Msg: m}); err != nil {
		s.self.FreeSlots(fanout.JoinSlots)
		if at == nil {
			s.forget(c.Room)
		}
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
		return
	}
	s.PendingJoins++
}

func (s *Session) forget(room string) {
	s.rooms = slices.DeleteFunc(s.rooms, func(t joinedRoom) bool { return t.room == room })
}

// onJoinAccepted is the room's word that the client is in. The session may have left meanwhile.
func (s *Session) onJoinAccepted(m room.JoinAccepted) {
	s.PendingJoins--
	if at := s.findRoom(m.Room); at != nil {
		at.process = m.Process
	}
}

func (s *Session) handleLeave(c *wire.Command) {
	at := s.findRoom(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.TakeSlots(1)
	s.sendToRoom(*at, &room.LeaveRequest{Client: s.client, Id: c.ID})
	s.forget(at.room)
}

func (s *Session) handleHistory(c *wire.Command) {
	at := s.findRoom(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.TakeSlots(1)
	if !s.requestRoom(*at, c.ID, &room.HistoryRequest{Client: s.client, Id: c.ID, Room: at.room, Before: c.Before, Limit: clampLimit(c.Limit)}) {
		s.self.FreeSlots(1)
	}
}

func clampLimit(limit int) int {
	if limit <= 0 {
		return room.DefaultPage
	}
	return min(limit, MaxPage)
}

func (s *Session) handleWho(c *wire.Command) {
	at := s.findRoom(c.Room)
	if at == nil {
		s.refuse(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.TakeSlots(1)
	ask := &presence.RosterRequest{Client: s.client, Id: c.ID, Room: at.room, Cursor: c.Cursor, Limit: clampLimit(c.Limit)}
	if s.core.Presence.TryPost(ask) != nil {
		s.self.FreeSlots(1)
		s.refuseFor(c.ID, wire.CodeOverloaded, time.Second)
	}
}

// handleTyping is lossy: too soon, or nobody there to take it, and it is gone.
func (s *Session) handleTyping(c *wire.Command) {
	at := s.findRoom(c.Room)
	now := time.Now()
	if at == nil || s.Identity.ReadOnly || now.Sub(s.lastTypingAt) < typingInterval || s.core.Sanctioned.Muted(s.Identity.UserID) {
		return
	}
	s.lastTypingAt = now
	u := wire.User{ID: s.Identity.UserID, Name: s.Identity.UserName}
	_ = s.core.Out.TryPost(chat.Signal{Room: at.room, Typing: &u})
}
