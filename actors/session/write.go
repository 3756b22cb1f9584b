package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// handleWrite checks a write and sends it to the room. The room checks slow mode, and the log checks the target.
func (s *Session) handleWrite(c *wire.Command) {
	joined := s.findRoom(c.Room)
	if code := s.checkWrite(c, joined); code != wire.CodeNone {
		s.reject(c.ID, code)
		return
	}
	if wait, ok := s.bucket.take(s.deps.Config.RateLimit, time.Now()); !ok {
		s.throttle(c, joined.name, wait)
		return
	}
	if hasText(c) {
		text, code := wire.CleanText(c.Message, s.deps.Config.MaxMessageLength)
		if code != wire.CodeNone {
			s.reject(c.ID, code)
			return
		}
		c.Message = text
	}
	s.requestRoom(*joined, c.ID, &room.WriteRequest{Cmd: c, Author: s.Identity.Author(), Client: s.client})
}

func hasText(c *wire.Command) bool {
	kind, ok := chat.KindOfCommand(c.Type)
	return ok && kind.HasText()
}

func needsTarget(c *wire.Command) bool {
	kind, ok := chat.KindOfCommand(c.Type)
	return ok && kind.NeedsTarget()
}

// checkWrite checks the rights of the user and the fields of the command. joined is nil if the session is not in the
// room.
func (s *Session) checkWrite(c *wire.Command, joined *joinedRoom) wire.Code {
	switch {
	case joined == nil:
		return wire.CodeNotJoined
	case s.Identity.ReadOnly:
		return wire.CodeReadOnly
	case hasText(c) && s.deps.Sanctions.Muted(s.Identity.UserID):
		return wire.CodeMuted
	case c.Type == wire.BulkDelete && s.Identity.Role != chat.RoleAdmin:
		return wire.CodeForbidden
	case c.Type == wire.BulkDelete && !wire.ValidUser(c.UserID):
		return wire.CodeBadField
	case needsTarget(c) && !wire.ValidID(c.MessageID):
		return wire.CodeBadField
	}
	return wire.CodeNone
}

// throttle answers a write that exceeds the rate limit.
func (s *Session) throttle(c *wire.Command, room string, wait time.Duration) {
	s.deps.Stats.Throttled.Add(1)
	limit := s.deps.Config.RateLimit
	s.client.Send(fanout.Seal(wire.AppendThrottled(fanout.Begin(), &wire.Throttled{
		ID: c.ID, Room: room, RetryAfterMs: max(1, wait.Milliseconds()), WindowMs: limit.Window.Milliseconds(), Limit: limit.Messages,
	})))
}
