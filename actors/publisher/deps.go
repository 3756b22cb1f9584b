package publisher

import (
	"chatnode/actors/chat"
	"chatnode/actors/link"
	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// publisherDeps is what bridge_out and the journal work with.
type Deps struct {
	Set  *chat.Settings
	Sys  *process.System
	Bus  *stats.BusStats
	Kept *stats.JournalStats
	Link *link.Health

	Bridge, In, Out, Store *process.Process
	Journal                *process.Process // nil: the log itself is on this node's disk
}
