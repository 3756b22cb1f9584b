package cluster

import (
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
)

// SuspectAfter is the time without a heartbeat after which an instance is displayed as suspect.
const SuspectAfter = 30 * time.Second

// View is the result of the last successful heartbeat. Its methods are safe for concurrent use and do not block.
type View struct {
	last atomic.Pointer[chat.Cluster] // nil before the first heartbeat
}

// Cluster returns the instances; the zero value before the first heartbeat.
func (v *View) Cluster() chat.Cluster {
	if c := v.last.Load(); c != nil {
		return *c
	}
	return chat.Cluster{}
}

// LogClock returns the clock of the log in ms at the local time now. It is the time of the last heartbeat, plus the
// monotonic time since then. Before the first heartbeat it is the local clock.
func (v *View) LogClock(now time.Time) int64 {
	c := v.last.Load()
	if c == nil || c.Now == 0 || c.ReceivedAt.IsZero() {
		return now.UnixMilli()
	}
	return c.Now + now.Sub(c.ReceivedAt).Milliseconds()
}
