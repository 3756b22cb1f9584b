package link

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/stats"
)

// Config is the part of the settings that the link reads.
type Config struct {
	Distributed   bool               // the node is part of a cluster; false: standalone, without Redis
	CallTimeout   time.Duration      // limit of one call of the subscriber
	DescribeError func(error) string // describes an error to users in one sentence without secrets; nil: the error text
}

// Deps are the dependencies of the link and of the dispatcher. The addresses must be set before the actors are
// launched.
type Deps struct {
	Config     Config
	System     *process.System
	Subscriber chat.Subscriber
	Probes     *stats.LinkStats
	Bus        *stats.BusStats
	Health     *Health

	Writers                                                []*process.Process // receive the status frames
	Dispatcher, Publisher, Presence, Heartbeat, Moderation *process.Process
}
