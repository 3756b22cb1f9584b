package actors

import (
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/session"
)

func (c *Core) writerConfig() fanout.Config {
	return fanout.Config{
		OutboxBytes: c.Set.OutboxBytes, FlushInterval: c.Set.FlushInterval, PingInterval: c.Set.PingInterval,
		PresenceTimeout: c.Set.PresenceTimeout, Deflate: c.Set.Deflate,
	}
}

func (c *Core) presenceConfig() presence.Config {
	return presence.Config{
		Distributed: c.Set.Distributed, Debounce: c.Set.PresenceDebounce, Timeout: c.Set.PresenceTimeout,
		Budget: fanout.Budget(c.Set.OutboxBytes),
	}
}

func (c *Core) sessionConfig() session.Config {
	return session.Config{
		InstanceID: c.Set.InstanceID, Incarnation: c.Set.Incarnation, MaxMessageLength: c.Set.MaxMessageLength,
		MaxFrameBytes: c.Set.MaxFrameBytes, MaxRooms: c.Set.MaxRooms, RateLimit: c.Set.RateLimit,
		PingInterval: c.Set.PingInterval, Compress: c.Set.Deflate != nil, Verify: c.Set.Verify,
	}
}
