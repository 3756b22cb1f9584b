package room

import (
	"time"

	"chatnode/actors/cluster"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/stats"
)

// Config is the part of the settings that the rooms read.
type Config struct {
	Incarnation      string        // random, new at every start of the process
	Stored           string        // value of an ack's field stored: wire.StoredRedis or wire.StoredLocal
	Recent           int           // entries that a room caches
	OutboxBytes      fanout.Budget // size of an outbox, which limits the size of an answer
	RoomIdle         time.Duration // an empty room stays in memory for this time
	PresenceDebounce time.Duration
	DedupWindow      time.Duration
	Distributed      bool // the node is part of a cluster; false: standalone, without Redis
}

// Deps are the dependencies of the rooms. The addresses must be set before the directory is launched.
type Deps struct {
	Config     Config
	System     *process.System
	Stats      *stats.ChatStats
	Health     *link.Health
	Clock      *cluster.View
	Sanctions  *moderation.Register
	HasJournal bool // the node has a journal for writes while Redis is unavailable

	Writers                                     []*process.Process
	Directory, Presence, Link, Publisher, Store *process.Process
}

// dedupWindow returns the time for which a room detects repeated ids. In a cluster a failover may lose the end of the
// log, and the lost entries may be appended again for AckedRetention.
func (c *Config) dedupWindow() time.Duration {
	if c.Distributed {
		return max(c.DedupWindow, publisher.AckedRetention+15*time.Second)
	}
	return c.DedupWindow
}
