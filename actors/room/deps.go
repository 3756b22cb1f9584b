package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/cluster"
	"chatnode/actors/link"
	"chatnode/actors/moderation"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/stats"
)

// roomDeps is what the rooms work with.
type Deps struct {
	Set        *chat.Settings
	Sys        *process.System
	Stats      *stats.ChatStats
	Link       *link.Health
	Clock      *cluster.View
	Sanctioned *moderation.Register
	Writers    []*process.Process
	Journals   bool // there is a journal to turn to

	Rooms, Presence, Bridge, Out, Store *process.Process
}

// dedupWindow is how long a room remembers what it has shown. Where a failover may lose the log's tail, that
// is as long as the tail may be appended again.
func dedupWindow(s *chat.Settings) time.Duration {
	if s.Distributed {
		return max(s.DedupWindow, publisher.AckedRetention+15*time.Second)
	}
	return s.DedupWindow
}
