package process

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// Events that the system publishes on hollywood's event stream, which logs them. They are hollywood's own events with
// the names and fields of chatnode's log.
type (
	// ActorPanicked is published for each panic of an actor.
	ActorPanicked struct{ actor.ActorRestartedEvent }
	// ActorStopped is published when a process stops because its actor panicked MaxPanics times.
	ActorStopped struct {
		actor.ActorMaxRestartsExceededEvent
	}
	// CleanupPanicked is published when Spec.OnGiveUp panics.
	CleanupPanicked struct{ actor.ActorRestartedEvent }
)

// Log implements actor.EventLogger.
func (e ActorPanicked) Log() (slog.Level, string, []any) {
	return slog.LevelError, "actor panicked", append(panicFields(&e.ActorRestartedEvent), "panics", e.Restarts)
}

// Log implements actor.EventLogger.
func (e ActorStopped) Log() (slog.Level, string, []any) {
	return slog.LevelError, "actor stopped after repeated panics", []any{"actor", e.PID.ID}
}

// Log implements actor.EventLogger.
func (e CleanupPanicked) Log() (slog.Level, string, []any) {
	return slog.LevelError, "actor cleanup panicked", panicFields(&e.ActorRestartedEvent)
}

func panicFields(e *actor.ActorRestartedEvent) []any {
	return []any{"actor", e.PID.ID, "panic", fmt.Sprint(e.Reason), "stack", string(e.Stacktrace)}
}

// restarted returns the event of a panic with the given value, on the goroutine that panicked.
func (p *Process) restarted(v any, panics int) actor.ActorRestartedEvent {
	return actor.ActorRestartedEvent{PID: p.pid, Timestamp: time.Now(), Stacktrace: debug.Stack(), Reason: v, Restarts: int32(panics)}
}
