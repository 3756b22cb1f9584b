package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// handleWrite checks a write as far as the session can and hands it to the room.
func (s *Session) handleWrite(c *wire.Command) {
	at := s.findRoom(c.Room)
	if code := s.mayWrite(c, at); code != wire.CodeNone {
		s.refuse(c.ID, code)
		return
	}
	if wait, ok := s.bucket.take(s.core.Set.RateLimit, time.Now()); !ok {
		s.throttle(c, at.room, wait)
		return
	}
	if c.Type == wire.SendMessage || c.Type == wire.EditMessage {
		text, code := wire.CleanText(c.Message, s.core.Set.MaxMessageLength)
		if code != wire.CodeNone {
			s.refuse(c.ID, code)
			return
		}
		c.Message = text
	}
	s.self.TakeSlots(1)
	if !s.requestRoom(*at, c.ID, &room.WriteRequest{Cmd: c, Author: s.Identity.Author(), Client: s.client}) {
		s.self.FreeSlots(1)
	}
}

func (s *Session) mayWrite(c *wire.Command, at *joinedRoom) wire.Code {
	switch {
	case at == nil:
		return wire.CodeNotJoined
	case s.Identity.ReadOnly:
		return wire.CodeReadOnly
	case (c.Type == wire.SendMessage || c.Type == wire.EditMessage) && s.core.Sanctioned.Muted(s.Identity.UserID):
		return wire.CodeMuted
	case c.Type == wire.BulkDelete && s.Identity.Role != chat.RoleAdmin:
		return wire.CodeForbidden
	case c.Type == wire.BulkDelete && !wire.ValidUser(c.UserID):
		return wire.CodeBadField
	case (c.Type == wire.EditMessage || c.Type == wire.DeleteMessage) && !wire.ValidID(c.MessageID):
		return wire.CodeBadField
	}
	return wire.CodeNone
}

func (s *Session) throttle(c *wire.Command, room string, wait time.Duration) {
	s.core.Stats.Throttled.Add(1)
	limit := s.core.Set.RateLimit
	s.client.Send(fanout.Seal(wire.AppendThrottled(fanout.Begin(), &wire.Throttled{
		ID: c.ID, Room: room, RetryAfterMs: max(1, wait.Milliseconds()), WindowMs: limit.Window.Milliseconds(), Limit: limit.Messages,
	})))
}

// tokenBucket is a token bucket: Messages at once, refilled over Window.
type tokenBucket struct {
	used float64 // tokens taken
	at   time.Time
}

// take takes one token, or says how long until there is one.
func (b *tokenBucket) take(limit chat.Rate, now time.Time) (wait time.Duration, ok bool) {
	if limit.Messages == 0 {
		return 0, true
	}
	per := float64(limit.Window) / float64(limit.Messages) // ns a token
	b.used = max(0, b.used-float64(now.Sub(b.at))/per)
	b.at = now
	if over := b.used + 1 - float64(limit.Messages); over > 1e-9 {
		return time.Duration(over * per), false
	}
	b.used++
	return 0, true
}
