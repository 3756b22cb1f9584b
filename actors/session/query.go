package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// MaxPage is the maximum number of messages or users in one answer.
const MaxPage = 200

// typingInterval is the minimum time between two typing signals of a client.
const typingInterval = 2 * time.Second

func (s *Session) handleHistory(c *wire.Command) {
	joined := s.findRoom(c.Room)
	if joined == nil {
		s.reject(c.ID, wire.CodeNotJoined)
		return
	}
	s.requestRoom(*joined, c.ID, &room.HistoryRequest{Client: s.client, Id: c.ID, Room: joined.name, Before: c.Before, Limit: clampLimit(c.Limit)})
}

func clampLimit(limit int) int {
	if limit <= 0 {
		return room.DefaultPage
	}
	return min(limit, MaxPage)
}

func (s *Session) handleWho(c *wire.Command) {
	joined := s.findRoom(c.Room)
	if joined == nil {
		s.reject(c.ID, wire.CodeNotJoined)
		return
	}
	s.self.TakeSlots(1)
	m := presence.RosterRequest{Client: s.client, Id: c.ID, Room: joined.name, Cursor: c.Cursor, Limit: clampLimit(c.Limit)}
	if s.deps.Presence.TryPost(m) != nil {
		s.self.FreeSlots(1)
		s.rejectFor(c.ID, wire.CodeOverloaded, overloadRetry)
	}
}

// handleTyping is best effort. It drops the signal if the last one was sent less than typingInterval ago, or if the
// mailbox of the publisher is full.
func (s *Session) handleTyping(c *wire.Command) {
	joined := s.findRoom(c.Room)
	now := time.Now()
	if joined == nil || s.Identity.ReadOnly || now.Sub(s.lastTypingAt) < typingInterval || s.deps.Sanctions.Muted(s.Identity.UserID) {
		return
	}
	s.lastTypingAt = now
	u := wire.User{ID: s.Identity.UserID, Name: s.Identity.UserName}
	_ = s.deps.Publisher.TryPost(chat.Signal{Room: joined.name, Typing: &u})
}
