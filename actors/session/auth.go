package session

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// handleAuth refreshes the identity: the same user with a new token. Another user needs another connection.
func (s *Session) handleAuth(c *wire.Command) {
	id, err := s.core.Set.Verify(c.Token)
	if err != nil || id.UserID != s.Identity.UserID {
		s.refuse(c.ID, wire.CodeUnauthorized)
		return
	}
	was := s.Identity
	s.Identity = id
	if was.Expires = id.Expires; was != id { // a token that only lasts longer is no news to the rooms
		s.tellIdentity()
	}
	s.watchExpiry()
	s.client.Send(fanout.Seal(wire.AppendAck(fanout.Begin(), &wire.Ack{ID: c.ID})))
}

// tellIdentity tells the rooms who the user is now. Each holds a slot until it has heard, so that no client
// refreshes faster than its rooms follow.
func (s *Session) tellIdentity() {
	s.self.TakeSlots(int32(len(s.rooms)))
	for _, at := range s.rooms {
		s.sendToRoom(at, &room.IdentityChanged{Client: s.client, Identity: s.Identity})
	}
}

// watchExpiry arms the timers for the token's end: first the notice, then the end itself.
func (s *Session) watchExpiry() {
	s.stopExpiry()
	if s.Identity.Expires == 0 {
		return
	}
	if left := s.untilExpiry(); left > expiryNotice {
		s.expiry = s.self.PostAfter(left-expiryNotice, tokenExpiringTick{})
		return
	}
	s.self.Post(tokenExpiringTick{})
}

func (s *Session) stopExpiry() {
	if s.expiry != nil {
		s.expiry.Stop()
		s.expiry = nil
	}
}

func (s *Session) untilExpiry() time.Duration {
	return max(0, time.Until(time.UnixMilli(s.Identity.Expires)))
}

// onTokenExpiring tells of the token's coming end, and arms the end.
func (s *Session) onTokenExpiring() {
	left := s.untilExpiry()
	switch {
	case s.Identity.Expires == 0:
		return
	case left > expiryNotice: // refreshed since the tick was sent; or the clock was set back, and it came too early
		s.watchExpiry()
		return
	}
	s.client.Send(fanout.Seal(wire.AppendAuthExpiring(fanout.Begin(), left.Milliseconds())))
	s.armExpiry(left)
}

// armExpiry arms the timer for the token's end.
func (s *Session) armExpiry(left time.Duration) {
	s.stopExpiry()
	s.expiry = s.self.PostAfter(left, tokenExpiredTick{})
}

// onTokenExpired closes the connection, unless the token was refreshed, or the clock set back, since the tick was sent.
func (s *Session) onTokenExpired() {
	switch left := s.untilExpiry(); {
	case s.Identity.Expires == 0:
	case left > expiryNotice:
		s.watchExpiry()
	case left > 0:
		s.armExpiry(left)
	default:
		s.client.Close(wire.CloseUnauthorized, expiredReason)
	}
}
