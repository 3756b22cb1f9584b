package actors

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/session"
)

func writerConfig(s *chat.Settings) fanout.Config {
	return fanout.Config{
		OutboxBytes: s.OutboxBytes, FlushInterval: s.FlushInterval, PingInterval: s.PingInterval,
		PresenceTimeout: s.PresenceTimeout, Deflate: s.Deflate,
	}
}

func presenceConfig(s *chat.Settings) presence.Config {
	return presence.Config{
		Distributed: s.Distributed, Debounce: s.PresenceDebounce, Timeout: s.PresenceTimeout,
		Budget: fanout.Budget(s.OutboxBytes),
	}
}

func sessionConfig(s *chat.Settings) session.Config {
	return session.Config{
		InstanceID: s.InstanceID, Incarnation: s.Incarnation, MaxMessageLength: s.MaxMessageLength,
		MaxFrameBytes: s.MaxFrameBytes, MaxRooms: s.MaxRooms, RateLimit: s.RateLimit,
		PingInterval: s.PingInterval, Compress: s.Deflate != nil, Verify: s.Verify,
	}
}
