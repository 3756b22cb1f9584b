package actors

import (
	"time"

	"chatnode/actors/wire"
)

// session is one connection: it speaks the protocol, knows who is there and keeps the limits. What
// it cannot answer itself goes to a room, and every command that waits for an answer holds a slot
// of the session's mailbox, so a client that does not wait is held back by TCP.
type session struct {
	core     *sessionDeps
	self     *Process
	client   *Client
	identity Identity
	rooms    []seat
	bucket   bucket
	typed    time.Time // of the last typing that was passed on
	bad      int32     // malformed frames in a row
	joins    int32     // that no room has confirmed: they are on their way by the rooms, or wait there
	arrival  *Arrival  // until Started
	left     bool      // it has left everything
	expiry   *time.Timer
}

// seat is a room that the session is in. process is nil until the room has confirmed.
type seat struct {
	room    string
	process *Process
}

const (
	sessionBound    = 64              // commands queued before the reader has to wait
	joinSlots       = 4               // that a join holds of them until it is answered: the answer is a long one
	maxBadFrames    = 20              // malformed frames in a row before 4429
	expiryNotice    = time.Minute     // how long before its end auth_expiring tells of a token
	typingInterval  = 2 * time.Second // a client's typing is passed on once in this time
	defaultPage     = 50              // entries of a history page, users of a roster page
	maxPage         = 200
	expiredReason   = "token expired"
	malformedReason = "too many malformed frames"
)

// Receive implements Actor.
func (s *session) Receive(self *Process, msg any) {
	switch m := msg.(type) {
	case Started:
		s.start(self)
	case *wire.Command:
		s.bad = 0
		if !s.client.over.Load() {
			s.command(m)
		}
	case malformed:
		s.malformed(m)
	case entered:
		s.entered(m)
	case overtaken:
		s.joins--
	case expiring:
		s.notice()
	case expired:
		s.expire()
	case dismiss:
		s.client.cut(m.code, m.reason)
	case gone:
		s.end()
	}
}

func begin() []byte        { return wire.Begin(make([]byte, 0, 256)) }
func seal(b []byte) []byte { return wire.Seal(b) }

func (s *session) start(self *Process) {
	s.self = self
	a := s.arrival
	s.arrival = nil
	s.client.writer.Post(attach{s.client})
	s.client.send(seal(wire.AppendConnected(begin(), s.core.greeting(self, &s.identity))))
	s.watchExpiry()
	s.join(&wire.Command{Type: wire.Join, Room: a.Room, Since: a.Since, HasSince: a.HasSince})
}

// end is when the reader has: leave everything, let the writer close the socket, stop.
func (s *session) end() {
	s.leaveAll()
	s.self.Stop()
}

// abandon is the end of a session that panics too often. Its reader, when it ends, finds nobody to tell.
func (s *session) abandon() {
	s.client.cut(wire.CloseInternal, "session failed")
	s.leaveAll()
}

func (s *session) leaveAll() {
	if s.left {
		return
	}
	s.left = true
	for _, seat := range s.rooms {
		s.tellRoom(seat, leave{client: s.client, silent: true})
	}
	s.rooms = nil
	s.stopExpiry()
	s.client.writer.Post(detach{s.client})
	s.core.ended(s.client)
}

func (s *session) command(c *wire.Command) {
	s.core.stats.Received.Add(1)
	switch {
	case c.Type == wire.Ping:
		s.client.send(seal(wire.AppendPong(begin(), c.T)))
	case c.Type == wire.Typing:
		s.typing(c)
	case c.ID != "" && !wire.ValidID(c.ID):
		s.refuse("", wire.CodeBadField)
	default:
		s.request(c)
	}
}

// request carries out a command that is answered under its id.
func (s *session) request(c *wire.Command) {
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
func (s *session) refuse(id string, code wire.Code) { s.refuseFor(id, code, 0) }

func (s *session) refuseFor(id string, code wire.Code, retry time.Duration) {
	s.core.stats.Errors.Add(1)
	s.client.send(seal(wire.AppendError(begin(), id, code, retry.Milliseconds())))
}

func (s *session) malformed(m malformed) {
	s.refuse(m.id, m.code)
	if s.bad++; s.bad >= maxBadFrames {
		s.client.cut(wire.CloseAbuse, malformedReason)
	}
}

// seat finds the seat in a room; an empty name is the room that was joined first.
func (s *session) seat(room string) *seat {
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
func (s *session) tellRoom(to seat, msg any) {
	if to.process == nil || s.joins > 0 {
		s.core.rooms.Post(forward{to.room, msg})
		return
	}
	to.process.Post(msg)
}

// askRoom sends a command that the room may refuse to take: then the client hears overloaded.
func (s *session) askRoom(to seat, id string, msg any) bool {
	var err error
	if to.process == nil {
		err = s.core.rooms.Tell(forward{to.room, msg})
	} else {
		err = to.process.TellHere(msg)
	}
	if err != nil {
		s.refuseFor(id, wire.CodeOverloaded, time.Second)
		return false
	}
	return true
}
