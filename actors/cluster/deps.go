package cluster

import (
	"sync/atomic"
	"time"

	"chatnode/actors/process"
)

// Deps are the dependencies of the heartbeat. The addresses must be set before it is launched.
type Deps struct {
	System      *process.System
	Sessions    *atomic.Int64 // sessions of this node; sent with each heartbeat
	View        *View
	Interval    time.Duration // between two heartbeats
	Incarnation string        // of this process; logged if the instance id is not unique

	Link, Store *process.Process
}
