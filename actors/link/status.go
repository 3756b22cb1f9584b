package link

import (
	"time"

	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// Effects of a degraded state, as shown to clients, in /health, in /metrics and in the log.
var (
	degradedEffects = []string{ // the link is lost
		"Messages are shown to users of this node now, and to all others when Redis is back.",
		"Messages of other nodes arrive when Redis is back.",
		"Presence counts only the users of this node.",
	}
	logFaultEffects = []string{ // the log of a standalone node rejects writes
		"Messages cannot be sent, edited or deleted. Retries succeed when the storage is available again.",
		"Earlier messages can be read.",
	}
)

// announceState publishes the state of the link: in Health, in the log, to the clients and to the actors that depend
// on it. The first announcement of a node that is healthy goes to Health only, because healthy is the default.
func (l *Link) announceState() {
	status := &wire.Status{Since: l.state.since.UnixMilli()}
	if l.state.mode != modeHealthy {
		status.Degraded, status.Cause, status.Effects = true, l.state.cause, degradedEffects
	}
	l.deps.Health.linkStatus.Store(status)
	first := l.silent
	l.silent = false
	if !status.Degraded {
		l.lastErr = nil
	}
	if first && !status.Degraded {
		return
	}
	ev := l.deps.System.Log.Info()
	if status.Degraded {
		ev = l.deps.System.Log.Warn().Err(l.lastErr)
	}
	ev.Str("mode", l.state.mode.String()).Str("cause", status.Cause).Strs("effects", status.Effects).Msg("link state changed")
	l.broadcastStatus(status)
	changed := &StateChanged{status.Degraded}
	for _, p := range l.rooms {
		p.Post(changed)
	}
	l.deps.Presence.Post(changed)
	l.deps.Publisher.Post(changed)
}

// onLogFaultChanged announces that the log of a standalone node rejects or accepts writes. Such a node has no journal,
// so writes are rejected with the cause.
func (l *Link) onLogFaultChanged(m LogFaultChanged) {
	status := &wire.Status{Since: time.Now().UnixMilli()}
	ev := l.deps.System.Log.Info()
	if m.Err != nil {
		status.Degraded, status.Cause, status.Effects = true, l.describeError(m.Err), logFaultEffects
		ev = l.deps.System.Log.Warn().Err(m.Err)
	}
	l.deps.Health.logStatus.Store(status)
	ev.Bool("degraded", status.Degraded).Str("cause", status.Cause).Strs("effects", status.Effects).Msg("storage state changed")
	l.broadcastStatus(status)
}

// broadcastStatus sends a status frame to all clients.
func (l *Link) broadcastStatus(status *wire.Status) {
	frame := fanout.Seal(wire.AppendStatus(fanout.Begin(), status))
	for _, w := range l.deps.Writers {
		w.Post(&fanout.BroadcastAll{Frame: frame})
	}
}
