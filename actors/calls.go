package actors

import (
	"context"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/room"
	"chatnode/actors/stats"
	"chatnode/actors/wire"
)

// Calls with a context send a request to an actor and block until its answer, or until the context ends. Besides the
// errors of the call, the error may be process.ErrMailboxFull or process.ErrStopped, which mean that nothing was done,
// or the error of the context, which means that the result is unknown.

// Stats returns the statistics of the node.
func (c *Core) Stats() *stats.Stats { return c.stats }

// Status returns the state of the link, or of the log of a standalone node, in words. A node that is still connecting
// is not degraded.
func (c *Core) Status() *wire.Status { return c.health.Status() }

// LinkStatus returns the last announced status of the link; nil while the node is connecting.
func (c *Core) LinkStatus() *wire.Status { return c.health.LinkStatus() }

// Connecting reports whether the state of the link is not known yet.
func (c *Core) Connecting() bool { return c.health.Connecting() }

// Degraded reports whether Redis is unavailable, or whether a standalone node cannot write to its disk.
func (c *Core) Degraded() bool { return c.health.Degraded() }

// Cluster returns the result of the last heartbeat.
func (c *Core) Cluster() chat.Cluster { return c.cluster.Cluster() }

// Audit logs an action of a moderator. Neither the log level nor a rate limit suppresses it.
func (c *Core) Audit(e *chat.AuditEvent) { e.Log(&c.system.Log) }

// Write stores and delivers a write like a write of a client, but without rate limit, mute and slow mode.
func (c *Core) Write(ctx context.Context, w room.APIWrite) (chat.WriteResult, error) {
	if c.stopping.Load() {
		return chat.WriteResult{}, process.ErrStopped
	}
	return room.SubmitWrite(ctx, c.RoomDirectory, c.settings.MaxMessageLength, w)
}

// History returns the newest messages before a seq (0: from the end), at most limit.
func (c *Core) History(ctx context.Context, name string, before uint64, limit int) (room.HistoryPage, error) {
	return room.AskForHistory(ctx, c.Store, name, before, limit)
}

// RoomLoads returns the load of each room in memory, in no particular order.
func (c *Core) RoomLoads(ctx context.Context) ([]room.Load, error) {
	return room.AskForLoads(ctx, c.RoomDirectory)
}

// Rooms returns at most limit rooms, largest first, after the given one (nil: from the largest).
func (c *Core) Rooms(ctx context.Context, after *presence.RoomSize, limit int) (presence.RoomsPage, error) {
	return presence.Rooms(ctx, c.Presence, after, limit)
}

// Roster returns the counts of a room and at most limit of its users, after the cursor.
func (c *Core) Roster(ctx context.Context, name, cursor string, limit int) (presence.RosterPage, error) {
	return presence.Roster(ctx, c.Presence, name, cursor, limit)
}

// Sanctioned returns the active sanction of a subject as this node knows it. It does not block.
func (c *Core) Sanctioned(kind chat.SanctionKind, subject string) (chat.Sanction, bool) {
	return c.register.Sanctioned(kind, subject)
}

// Banned reports whether a user is banned, and the reason that the user is given.
func (c *Core) Banned(userID string) (reason string, banned bool) { return c.register.Banned(userID) }

// Impose creates or replaces a sanction. duration 0: permanent.
func (c *Core) Impose(ctx context.Context, s chat.Sanction, duration time.Duration) (chat.Sanction, error) {
	return c.moderation.Impose(ctx, s, duration)
}

// Lift ends a sanction. It returns ErrNoSanction if there is none.
func (c *Core) Lift(ctx context.Context, kind chat.SanctionKind, subject string) error {
	return c.moderation.Lift(ctx, kind, subject)
}

// ListSanctions returns at most limit active sanctions by kind and subject, after the given one.
func (c *Core) ListSanctions(kind chat.SanctionKind, after chat.Sanction, limit int) (list []chat.Sanction, more bool) {
	return c.register.List(kind, after, limit)
}

// Disconnect closes all connections of a user on every node, with code 1008 and the reason.
func (c *Core) Disconnect(ctx context.Context, userID, reason string) error {
	return c.moderation.Disconnect(ctx, userID, reason)
}
