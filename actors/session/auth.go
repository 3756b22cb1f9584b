package session

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// expiryNotice is the time before the end of a token at which the client gets auth_expiring.
const expiryNotice = time.Minute

// handleAuth replaces the token. The new token must be for the same user.
func (s *Session) handleAuth(c *wire.Command) {
	id, err := s.deps.Config.Verify(c.Token)
	if err != nil || id.UserID != s.Identity.UserID {
		s.reject(c.ID, wire.CodeUnauthorized)
		return
	}
	old := s.Identity
	s.Identity = id
	if old.Expires = id.Expires; old != id { // the rooms do not use Expires
		s.sendIdentity()
	}
	s.scheduleExpiry()
	s.client.Send(fanout.Seal(wire.AppendAck(fanout.Begin(), &wire.Ack{ID: c.ID})))
}

// sendIdentity sends the new identity to all joined rooms. Each holds a slot until it has received the message, so a
// client cannot change its token faster than its rooms accept it.
func (s *Session) sendIdentity() {
	s.self.TakeSlots(int32(len(s.rooms)))
	for _, joined := range s.rooms {
		s.sendToRoom(joined, &room.IdentityChanged{Client: s.client, Identity: s.Identity})
	}
}

// scheduleExpiry starts the timer for the notice, or posts the notice if less than expiryNotice is left.
func (s *Session) scheduleExpiry() {
	s.stopExpiry()
	if s.Identity.Expires == 0 {
		return
	}
	if wait := s.untilExpiry(); wait > expiryNotice {
		s.expiry = s.self.PostAfter(wait-expiryNotice, &tokenExpiringTick{})
		return
	}
	s.self.Post(&tokenExpiringTick{})
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

// onTokenExpiring sends auth_expiring and starts the timer for the end of the token. It starts over if more than
// expiryNotice is left: the token was replaced after the tick was sent, or the clock was set back.
func (s *Session) onTokenExpiring() {
	wait := s.untilExpiry()
	switch {
	case s.Identity.Expires == 0:
		return
	case wait > expiryNotice:
		s.scheduleExpiry()
		return
	}
	s.client.Send(fanout.Seal(wire.AppendAuthExpiring(fanout.Begin(), wait.Milliseconds())))
	s.startExpiry(wait)
}

// startExpiry starts the timer for the end of the token.
func (s *Session) startExpiry(wait time.Duration) {
	s.stopExpiry()
	s.expiry = s.self.PostAfter(wait, &tokenExpiredTick{})
}

// onTokenExpired closes the connection, unless the token was replaced or the clock was set back after the tick was
// sent.
func (s *Session) onTokenExpired() {
	switch wait := s.untilExpiry(); {
	case s.Identity.Expires == 0:
	case wait > expiryNotice:
		s.scheduleExpiry()
	case wait > 0:
		s.startExpiry(wait)
	default:
		s.client.Close(wire.CloseUnauthorized, "token expired")
	}
}
