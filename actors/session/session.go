package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// Session is one connection: it speaks the protocol, knows who is there and keeps the limits. What
// it cannot answer itself goes to a room, and every command that waits for an answer holds a slot
// of the session's mailbox, so a client that does not wait is held back by TCP.
type Session struct {
	core            *Deps
	self            *process.Process
	client          *fanout.Client
	Identity        chat.Identity
	rooms           []joinedRoom
	bucket          tokenBucket
	lastTypingAt    time.Time            // of the last typing that was passed on
	malformedFrames int32                // malformed frames in a row
	PendingJoins    int32                // that no room has confirmed: they are on their way by the rooms, or wait there
	arrival         *chat.ConnectRequest // until Started
	cleanedUp       bool                 // it has left everything
	expiry          *time.Timer
}

// joinedRoom is a room that the session is in. process is nil until the room has confirmed.
type joinedRoom struct {
	room    string
	process *process.Process
}

const ()

const (
	MaxBadFrames = 20 // malformed frames in a row before 4429
)

const (
	expiryNotice = time.Minute // how long before its end auth_expiring tells of a token
)

const (
	typingInterval = 2 * time.Second // a client's typing is passed on once in this time
)

const (
	MaxPage = 200
)

const (
	expiredReason = "token expired"
)

const (
	malformedReason = "too many malformed frames"
)

// Receive implements Actor.
func (s *Session) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.start(self)
	case *wire.Command:
		s.malformedFrames = 0
		if !s.client.IsClosing() {
			s.command(m)
		}
	case malformedFrame:
		s.onMalformedFrame(m)
	case room.JoinAccepted:
		s.onJoinAccepted(m)
	case room.JoinCanceled:
		s.PendingJoins--
	case tokenExpiringTick:
		s.onTokenExpiring()
	case tokenExpiredTick:
		s.onTokenExpired()
	case CloseSession:
		s.client.Close(m.Code, m.Reason)
	case readerClosed:
		s.onReaderClosed()
	}
}

func (s *Session) start(self *process.Process) {
	s.self = self
	a := s.arrival
	s.arrival = nil
	s.client.Attach()
	s.client.Send(fanout.Seal(wire.AppendConnected(fanout.Begin(), s.core.greeting(self, &s.Identity))))
	s.watchExpiry()
	s.handleJoin(&wire.Command{Type: wire.Join, Room: a.Room, Since: a.Since, HasSince: a.HasSince})
}

// onReaderClosed is when the reader has: leave everything, let the writer close the socket, stop.
func (s *Session) onReaderClosed() {
	s.cleanup()
	s.self.Stop()
}

// onGiveUp is the end of a session that panics too often. Its reader, when it ends, finds nobody to tell.
func (s *Session) onGiveUp() {
	s.client.Close(wire.CloseInternal, "session failed")
	s.cleanup()
}

func (s *Session) cleanup() {
	if s.cleanedUp {
		return
	}
	s.cleanedUp = true
	for _, seat := range s.rooms {
		s.sendToRoom(seat, room.LeaveRequest{Client: s.client, Silent: true})
	}
	s.rooms = nil
	s.stopExpiry()
	s.client.Detach()
	s.core.ended(s.client)
}

func (s *Session) command(c *wire.Command) {
	s.core.Stats.Received.Add(1)
	switch {
	case c.Type == wire.Ping:
		s.client.Send(fanout.Seal(wire.AppendPong(fanout.Begin(), c.T)))
	case c.Type == wire.Typing:
		s.handleTyping(c)
	case c.ID != "" && !wire.ValidID(c.ID):
		s.refuse("", wire.CodeBadField)
	default:
		s.request(c)
	}
}

// request carries out a command that is answered under its id.
func (s *Session) request(c *wire.Command) {
	switch c.Type {
	case wire.Join:
		s.handleJoin(c)
	case wire.Leave:
		s.handleLeave(c)
	case wire.SendMessage, wire.EditMessage, wire.DeleteMessage, wire.BulkDelete:
		s.handleWrite(c)
	case wire.History:
		s.handleHistory(c)
	case wire.Who:
		s.handleWho(c)
	case wire.Auth:
		s.handleAuth(c)
	default:
		s.refuse(c.ID, wire.CodeUnknownType)
	}
}

// refuse answers with an error frame.
func (s *Session) refuse(id string, code wire.Code) { s.refuseFor(id, code, 0) }

func (s *Session) refuseFor(id string, code wire.Code, retry time.Duration) {
	s.core.Stats.Errors.Add(1)
	s.client.Send(fanout.Seal(wire.AppendError(fanout.Begin(), id, code, retry.Milliseconds())))
}

func (s *Session) onMalformedFrame(m malformedFrame) {
	s.refuse(m.id, m.code)
	if s.malformedFrames++; s.malformedFrames >= MaxBadFrames {
		s.client.Close(wire.CloseAbuse, malformedReason)
	}
}

// findRoom finds the seat in a room; an empty name is the room that was joined first.
func (s *Session) findRoom(room string) *joinedRoom {
	for i := range s.rooms {
		if s.rooms[i].room == room || room == "" {
			return &s.rooms[i]
		}
	}
	return nil
}

// sendToRoom sends a message that must arrive to the room of a seat. While a join is not confirmed it goes the
// way that joins go, so that it comes after them: a client that had left before its last join would be in the
// room for ever.
func (s *Session) sendToRoom(to joinedRoom, msg any) {
	if to.process == nil || s.PendingJoins > 0 {
		s.core.Rooms.Post(room.RoomMessage{Room: to.room, Msg: msg})
		return
	}
	to.process.Post(msg)
}

// requestRoom sends a command that the room may refuse to take: then the client hears overloaded.
func (s *Session) requestRoom(to joinedRoom, id string, msg any) bool {
	var err error
	if to.process == nil {
		err = s.core.Rooms.TryPost(room.RoomMessage{Room: to.room, Msg: msg})
	} else {
		err = to.process.Inline().TryPost(msg)
	}
	if err != nil {
		s.refuseFor(id, wire.CodeOverloaded, time.Second)
		return false
	}
	return true
}
