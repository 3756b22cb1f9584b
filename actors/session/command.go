package session

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// MaxMalformedFrames is the number of consecutive malformed frames after which the connection is closed with 4429.
const MaxMalformedFrames = 20

// overloadRetry is the delay after which a client may retry a command that was rejected because a mailbox was full.
const overloadRetry = time.Second

// onCommand carries out a command. Ping and typing are not answered under an id, so their id is not checked.
func (s *Session) onCommand(c *wire.Command) {
	s.malformedFrames = 0
	if s.client.IsClosing() {
		return
	}
	s.deps.Stats.Received.Add(1)
	if c.ID != "" && !wire.ValidID(c.ID) && c.Type != wire.Ping && c.Type != wire.Typing {
		s.reject("", wire.CodeBadField)
		return
	}
	switch c.Type {
	case wire.Ping:
		s.client.Send(fanout.Seal(wire.AppendPong(fanout.Begin(), c.T)))
	case wire.Typing:
		s.handleTyping(c)
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
	case wire.Unknown:
		s.reject(c.ID, wire.CodeUnknownType)
	}
}

func (s *Session) onMalformedFrame(m *malformedFrame) {
	s.reject(m.id, m.code)
	if s.malformedFrames++; s.malformedFrames >= MaxMalformedFrames {
		s.client.Close(wire.CloseAbuse, "too many malformed frames")
	}
}

// reject answers a command with an error frame.
func (s *Session) reject(id string, code wire.Code) { s.rejectFor(id, code, 0) }

// rejectFor is reject for an error that is expected to end after retry.
func (s *Session) rejectFor(id string, code wire.Code, retry time.Duration) {
	s.deps.Stats.Errors.Add(1)
	s.client.Send(fanout.Seal(wire.AppendError(fanout.Begin(), id, code, retry.Milliseconds())))
}
