package process

import (
	"errors"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// Supervision. A panic costs the message that was being handled; for a BatchActor, the messages up to the current one.
// After the first panic within panicResetAfter the process continues without delay. Further panics back off with full
// jitter, up to MaxBackoff. After MaxPanics panics without a calm period the process stops and Spec.OnGiveUp is
// called.
const (
	minBackoff      = 100 * time.Millisecond
	MaxBackoff      = 5 * time.Second
	panicResetAfter = time.Minute
	MaxPanics       = 20
)

// panicHistory counts the recent panics of one process.
type panicHistory struct {
	last  time.Time
	count int
}

// record counts a panic at now and returns the number of panics without a calm period between them.
func (h *panicHistory) record(now time.Time) int {
	if now.Sub(h.last) > panicResetAfter {
		h.count = 0
	}
	h.last = now
	h.count++
	return h.count
}

// maxBackoffAfter returns the maximum back-off after n panics: 0, 100 ms, 200 ms … 5 s.
func maxBackoffAfter(n int) time.Duration {
	if n <= 1 {
		return 0
	}
	return min(MaxBackoff, minBackoff<<min(n-2, 10))
}

// Backoff returns the delay before attempt n (1, 2, …) of a failed operation: full jitter between 100 ms and
// maxBackoffAfter(n+1).
func (s *System) Backoff(n int) time.Duration {
	return minBackoff + s.Jitter(maxBackoffAfter(n+1)-minBackoff)
}

// Jitter returns a random duration in [0, d].
func (s *System) Jitter(d time.Duration) time.Duration {
	return time.Duration(s.hooks.Random(int64(d) + 1))
}

// onPanic publishes and counts a panic, then rebuilds the actor or stops the process. It returns the back-off.
func (p *Process) onPanic(v any) time.Duration {
	p.kind.Panics.Add(1)
	if p.panics == nil {
		p.panics = &panicHistory{}
	}
	panics := p.panics.record(time.Now())
	p.Sys.Engine.BroadcastEvent(ActorPanicked{p.restarted(v, panics)})
	if p.status.Load() == statusStopped {
		return 0
	}
	if panics >= MaxPanics {
		return p.giveUp()
	}
	p.kind.Restarts.Add(1)
	var first any = Recovered{}
	if p.rebuild != nil {
		p.Actor, first = p.rebuild(), Started{}
	}
	p.mail.depth.Add(1)
	p.unhandled = append([]any{first}, p.unhandled...)
	if top := maxBackoffAfter(panics); top > 0 {
		return minBackoff/2 + p.Sys.Jitter(top)
	}
	return 0
}

// giveUp stops the process after MaxPanics panics.
func (p *Process) giveUp() time.Duration {
	p.kind.GivenUp.Add(1)
	p.Sys.Engine.BroadcastEvent(ActorStopped{actor.ActorMaxRestartsExceededEvent{PID: p.pid, Timestamp: time.Now()}})
	p.unregister()
	p.callOnGiveUp()
	p.discard(p.unhandled)
	p.unhandled = nil
	return 0
}

// callOnGiveUp calls Spec.OnGiveUp and recovers its panic, because it may read the state that caused the earlier
// panics.
func (p *Process) callOnGiveUp() {
	defer func() {
		if v := recover(); v != nil {
			p.kind.Panics.Add(1)
			p.Sys.Engine.BroadcastEvent(CleanupPanicked{p.restarted(v, 0)})
		}
	}()
	if p.onGiveUp != nil {
		p.onGiveUp()
	}
}

// ErrPanicked is the error of a request whose result was lost because the actor panicked.
var ErrPanicked = errors.New("actor panicked")
