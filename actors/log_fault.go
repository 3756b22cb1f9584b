package actors

import (
	"time"

	"chatnode/actors/wire"
)

// A logFault is the log of a node without Redis, which takes no writes; nil: it takes them again. There is no
// journal to turn to, so the writers are refused, and everybody is told why.
type logFault struct{ err error }

// What such a node does without, in the words that clients, /health, /metrics and the log share.
var faultEffects = []string{
	"nothing can be written, edited or deleted; what is tried again later succeeds once this is mended",
	"what was written before can be read",
}

// fault tells the bridge when the log has begun to fail, and when it has stopped. With Redis that is the link's matter.
func (b *bridgeOut) fault(err error) {
	if b.core.set.Distributed || (err != nil) == b.faulty {
		return
	}
	b.faulty = err != nil
	b.core.bridge.Post(logFault{err})
}

// logFault tells the log, the clients, and through the core everybody who asks.
func (b *bridge) logFault(m logFault) {
	status := &wire.Status{Since: time.Now().UnixMilli()}
	ev := b.core.sys.Log.Info()
	if m.err != nil {
		status.Degraded, status.Cause, status.Effects = true, b.explain(m.err), faultEffects
		ev = b.core.sys.Log.Warn().Err(m.err)
	}
	b.core.health.fault.Store(status)
	ev.Bool("degraded", status.Degraded).Str("cause", status.Cause).Strs("effects", status.Effects).Msg("storage")
	frame := seal(wire.AppendStatus(begin(), status))
	for _, w := range b.core.writers {
		w.Post(announce{frame})
	}
}
