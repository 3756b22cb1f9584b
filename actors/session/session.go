package session

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/wire"
)

// Session is one connection, from the first frame until its reader has ended.
type Session struct {
	deps     *Deps
	self     *process.Process
	client   *fanout.Client
	Identity chat.Identity
	request  *chat.ConnectRequest // nil after Started

	rooms           []joinedRoom
	PendingJoins    int32 // joins that the room has neither accepted nor canceled
	bucket          tokenBucket
	lastTypingAt    time.Time   // when the last typing signal was published
	malformedFrames int32       // consecutive
	expiry          *time.Timer // the next tick of the token; nil: the token does not expire
	cleanedUp       bool        // cleanup was called
}

// Receive implements Actor.
func (s *Session) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case process.Started:
		s.onStarted(self)
	case *wire.Command:
		s.onCommand(m)
	case *malformedFrame:
		s.onMalformedFrame(m)
	case *room.JoinAccepted:
		s.onJoinAccepted(m)
	case *room.JoinCanceled:
		s.onJoinCanceled()
	case *tokenExpiringTick:
		s.onTokenExpiring()
	case *tokenExpiredTick:
		s.onTokenExpired()
	case *CloseSession:
		s.onCloseSession(m)
	case *readerClosed:
		s.onReaderClosed()
	default:
		self.Unknown(msg)
	}
}

func (s *Session) onStarted(self *process.Process) {
	s.self = self
	req := s.request
	s.request = nil
	s.client.Attach()
	s.client.Send(fanout.Seal(wire.AppendConnected(fanout.Begin(), s.connectedFrame())))
	s.scheduleExpiry()
	s.handleJoin(&wire.Command{Type: wire.Join, Room: req.Room, Since: req.Since, HasSince: req.HasSince})
}

// connectedFrame returns the content of the first frame.
func (s *Session) connectedFrame() *wire.Connected {
	id, cfg := &s.Identity, &s.deps.Config
	return &wire.Connected{
		UserID: id.UserID, UserName: id.UserName, Role: id.Role.String(), ReadOnly: id.ReadOnly,
		SessionID:  cfg.Incarnation + "-" + s.self.ID()[len(Kind.Name)+1:],
		InstanceID: cfg.InstanceID,
		PingMs:     cfg.PingInterval.Milliseconds(),
		Limits: wire.Limits{
			MaxMessageLength: cfg.MaxMessageLength, MaxFrameBytes: cfg.MaxFrameBytes,
			RateMessages: cfg.RateLimit.Messages, RateWindowMs: cfg.RateLimit.Window.Milliseconds(),
		},
		Status: *s.deps.Link.Status(),
	}
}

func (s *Session) onCloseSession(m *CloseSession) { s.client.Close(m.Code, m.Reason) }

// onReaderClosed ends the session. The writer closes the socket.
func (s *Session) onReaderClosed() {
	s.cleanup()
	s.self.Stop()
}

// onGiveUp ends a session that panics repeatedly. It runs when the process has stopped, so readerClosed is dropped.
func (s *Session) onGiveUp() {
	s.client.Close(wire.CloseInternal, "session failed")
	s.cleanup()
}

// cleanup leaves all rooms and removes the client from its writer and from the directory. It runs once.
func (s *Session) cleanup() {
	if s.cleanedUp {
		return
	}
	s.cleanedUp = true
	for _, joined := range s.rooms {
		s.sendToRoom(joined, &room.LeaveRequest{Client: s.client, Silent: true})
	}
	s.rooms = nil
	s.stopExpiry()
	s.client.Detach()
	s.deps.Stats.Sessions.Add(-1)
	s.deps.Directory.Post(clientDisconnected{s.client})
}
