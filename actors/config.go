package actors

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/presence"
	"chatnode/actors/publisher"
	"chatnode/actors/room"
	"chatnode/actors/session"
)

// Each function selects the settings that one package reads.

func linkConfig(s *chat.Settings) link.Config {
	return link.Config{Distributed: s.Distributed, CallTimeout: s.LinkTimeout, DescribeError: s.DescribeError}
}

func publisherConfig(s *chat.Settings) publisher.Config {
	return publisher.Config{
		Distributed: s.Distributed, HistorySize: s.HistorySize, IdempotencyWindow: s.IdempotencyWindow,
		MaxCommitDelay: s.MaxCommitDelay, CallTimeout: s.LinkTimeout,
	}
}

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

func roomConfig(s *chat.Settings) room.Config {
	return room.Config{
		Incarnation: s.Incarnation, Stored: s.Stored, Recent: s.Recent, OutboxBytes: fanout.Budget(s.OutboxBytes),
		RoomIdle: s.RoomIdle, PresenceDebounce: s.PresenceDebounce, DedupWindow: s.DedupWindow, Distributed: s.Distributed,
	}
}

func sessionConfig(s *chat.Settings) session.Config {
	return session.Config{
		InstanceID: s.InstanceID, Incarnation: s.Incarnation, MaxMessageLength: s.MaxMessageLength,
		MaxFrameBytes: s.MaxFrameBytes, MaxRooms: s.MaxRooms, RateLimit: s.RateLimit,
		PingInterval: s.PingInterval, Compress: s.Deflate != nil, Verify: s.Verify,
	}
}
