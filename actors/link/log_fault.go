package link

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// A LogFaultChanged is the log of a node without Redis, which takes no writes; nil: it takes them again. There is no
// journal to turn to, so the writers are refused, and everybody is told why.
type LogFaultChanged struct{ Err error }

// What such a node does without, in the words that clients, /health, /metrics and the log share.
var faultEffects = []string{
	"nothing can be written, edited or deleted; what is tried again later succeeds once this is mended",
	"what was written before can be read",
}

// onLogFault tells the log, the clients, and through the core everybody who asks.
func (b *Bridge) onLogFault(m LogFaultChanged) {
	status := &wire.Status{Since: time.Now().UnixMilli()}
	ev := b.Core.Sys.Log.Info()
	if m.Err != nil {
		status.Degraded, status.Cause, status.Effects = true, b.explain(m.Err), faultEffects
		ev = b.Core.Sys.Log.Warn().Err(m.Err)
	}
	b.Core.Health.fault.Store(status)
	ev.Bool("degraded", status.Degraded).Str("cause", status.Cause).Strs("effects", status.Effects).Msg("storage state changed")
	frame := fanout.Seal(wire.AppendStatus(fanout.Begin(), status))
	for _, w := range b.Core.Writers {
		w.Post(&fanout.BroadcastAll{Frame: frame})
	}
}
