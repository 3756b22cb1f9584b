package session

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// joinedRoom is a room that the session has joined. process is nil until the room has accepted the join.
type joinedRoom struct {
	name    string
	process *process.Process
}

// findRoom returns the joined room with the name, or nil. An empty name means the room that was joined first.
func (s *Session) findRoom(name string) *joinedRoom {
	for i := range s.rooms {
		if s.rooms[i].name == name || name == "" {
			return &s.rooms[i]
		}
	}
	return nil
}

func (s *Session) removeRoom(name string) {
	s.rooms = slices.DeleteFunc(s.rooms, func(r joinedRoom) bool { return r.name == name })
}

func (s *Session) handleJoin(c *wire.Command) {
	if c.Room == "" {
		c.Room = chat.DefaultRoom
	}
	joined := s.findRoom(c.Room)
	switch {
	case !wire.ValidRoom(c.Room):
		s.reject(c.ID, wire.CodeBadRoom)
		return
	case joined == nil && len(s.rooms) >= s.deps.Config.MaxRooms:
		s.reject(c.ID, wire.CodeTooManyRooms)
		return
	case joined == nil:
		s.rooms = append(s.rooms, joinedRoom{name: c.Room})
	}
	m := &room.JoinRequest{Client: s.client, Identity: s.Identity, Id: c.ID, Since: c.Since, HasSince: c.HasSince}
	s.self.TakeSlots(fanout.JoinSlots)
	if err := s.deps.Rooms.TryPost(&room.RoomMessage{Room: c.Room, Msg: m}); err != nil {
		s.self.FreeSlots(fanout.JoinSlots)
		if joined == nil {
			s.removeRoom(c.Room)
		}
		s.rejectFor(c.ID, wire.CodeOverloaded, overloadRetry)
		return
	}
	s.PendingJoins++
}

// onJoinAccepted records the address of the room, unless the session has left it in the meantime.
func (s *Session) onJoinAccepted(m *room.JoinAccepted) {
	s.PendingJoins--
	if joined := s.findRoom(m.Room); joined != nil {
		joined.process = m.Process
	}
}

func (s *Session) onJoinCanceled() { s.PendingJoins-- }

func (s *Session) handleLeave(c *wire.Command) {
	joined := s.findRoom(c.Room)
	if joined == nil {
		s.reject(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.TakeSlots(1)
	s.sendToRoom(*joined, &room.LeaveRequest{Client: s.client, Id: c.ID})
	s.removeRoom(joined.name)
}

// sendToRoom sends a message that must not be rejected. While a join is pending, the directory of rooms forwards it,
// so that the room receives it after the join. Otherwise a leave could overtake the last join, and the client would
// stay in the room permanently.
func (s *Session) sendToRoom(to joinedRoom, msg any) {
	if to.process == nil || s.PendingJoins > 0 {
		s.deps.Rooms.Post(&room.RoomMessage{Room: to.name, Msg: msg})
		return
	}
	to.process.Post(msg)
}

// requestRoom sends a request to a room, and holds a slot until it is answered. If the mailbox of the room is full,
// the client gets the error overloaded.
func (s *Session) requestRoom(to joinedRoom, id string, msg any) {
	s.self.TakeSlots(1)
	var err error
	if to.process == nil {
		err = s.deps.Rooms.TryPost(&room.RoomMessage{Room: to.name, Msg: msg})
	} else {
		err = to.process.Inline().TryPost(msg)
	}
	if err != nil {
		s.rejectFor(id, wire.CodeOverloaded, overloadRetry)
		s.self.FreeSlots(1)
	}
}
