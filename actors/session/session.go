package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// session is one connection: it speaks the protocol, knows who is there and keeps the limits. What
// it cannot answer itself goes to a room, and every command that waits for an answer holds a slot
// of the session's mailbox, so a client that does not wait is held back by TCP.
type Session struct {
	core     *Deps
	self     *process.Process
	client   *fanout.Client
	Identity chat.Identity
	rooms    []seat
	bucket   bucket
	typed    time.Time     // of the last typing that was passed on
	bad      int32         // malformed frames in a row
	Joins    int32         // that no room has confirmed: they are on their way by the rooms, or wait there
	arrival  *chat.Arrival // until Started
	left     bool          // it has left everything
	expiry   *time.Timer
}

// seat is a room that the session is in. process is nil until the room has confirmed.
type seat struct {
	room    string
	process *process.Process
}

const (
	SessionBound = 64 // commands queued before the reader has to wait
)

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
		s.bad = 0
		if !s.client.Over.Load() {
			s.command(m)
		}
	case malformed:
		s.malformed(m)
	case room.Entered:
		s.entered(m)
	case room.Overtaken:
		s.Joins--
	case expiring:
		s.notice()
	case expired:
		s.expire()
	case Dismiss:
		s.client.Cut(m.Code, m.Reason)
	case gone:
		s.end()
	}
}

func (s *Session) start(self *process.Process) {
	s.self = self
	a := s.arrival
	s.arrival = nil
	s.client.Writer.Post(fanout.Attach{Client: s.client})
	s.client.Send(fanout.Seal(wire.AppendConnected(fanout.Begin(), s.core.greeting(self, &s.Identity))))
	s.watchExpiry()
	s.join(&wire.Command{Type: wire.Join, Room: a.Room, Since: a.Since, HasSince: a.HasSince})
}

// end is when the reader has: leave everything, let the writer close the socket, stop.
func (s *Session) end() {
	s.leaveAll()
	s.self.Stop()
}

// abandon is the end of a session that panics too often. Its reader, when it ends, finds nobody to tell.
func (s *Session) abandon() {
	s.client.Cut(wire.CloseInternal, "session failed")
	s.leaveAll()
}

func (s *Session) leaveAll() {
	if s.left {
		return
	}
	s.left = true
	for _, seat := range s.rooms {
		s.tellRoom(seat, room.Leave{Client: s.client, Silent: true})
	}
	s.rooms = nil
	s.stopExpiry()
	s.client.Writer.Post(fanout.Detach{Client: s.client})
	s.core.ended(s.client)
}

func (s *Session) command(c *wire.Command) {
	s.core.Stats.Received.Add(1)
	switch {
	case c.Type == wire.Ping:
		s.client.Send(fanout.Seal(wire.AppendPong(fanout.Begin(), c.T)))
	case c.Type == wire.Typing:
		s.typing(c)
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
		s.join(c)
	case wire.Leave:
		s.leave(c)
	case wire.SendMessage, wire.EditMessage, wire.DeleteMessage, wire.BulkDelete:
		s.write(c)
	case wire.History:
		s.history(c)
	case wire.Who:
		s.who(c)
	case wire.Auth:
		s.auth(c)
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

func (s *Session) malformed(m malformed) {
	s.refuse(m.id, m.code)
	if s.bad++; s.bad >= MaxBadFrames {
		s.client.Cut(wire.CloseAbuse, malformedReason)
	}
}

// seat finds the seat in a room; an empty name is the room that was joined first.
func (s *Session) seat(room string) *seat {
	for i := range s.rooms {
		if s.rooms[i].room == room || room == "" {
			return &s.rooms[i]
		}
	}
	return nil
}

// tellRoom sends a message that must arrive to the room of a seat. While a join is not confirmed it goes the
// way that joins go, so that it comes after them: a client that had left before its last join would be in the
// room for ever.
func (s *Session) tellRoom(to seat, msg any) {
	if to.process == nil || s.Joins > 0 {
		s.core.Rooms.Post(room.Forward{Room: to.room, Msg: msg})
		return
	}
	to.process.Post(msg)
}

// askRoom sends a command that the room may refuse to take: then the client hears overloaded.
func (s *Session) askRoom(to seat, id string, msg any) bool {
	var err error
	if to.process == nil {
		err = s.core.Rooms.Tell(room.Forward{Room: to.room, Msg: msg})
	} else {
		err = to.process.TellHere(msg)
	}
	if err != nil {
		s.refuseFor(id, wire.CodeOverloaded, time.Second)
		return false
	}
	return true
}
