package link

import (
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// linkDeps is what the actors of the link work with.
type Deps struct {
	Set     *chat.Settings
	Sys     *process.System
	Probes  *stats.LinkStats
	Bus     *stats.BusStats
	Health  *Health
	Writers []*process.Process

	In, Out, Presence, Heartbeat, Sanctions *process.Process
}
