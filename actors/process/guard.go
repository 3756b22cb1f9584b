package process

import (
	"errors"
	"time"

	"github.com/anthdm/hollywood/actor"
)

// Supervision. A panic costs the message (of a BatchActor: what it has come to of the batch) that was being handled.
// The first one within calmAfter goes on at once; a storm backs off with full jitter up to
// maxBackoff; after giveUpAfter panics without a calm spell the process is given up: its owner is
// told through Spec.GaveUp and it stops.
const (
	minBackoff      = 100 * time.Millisecond
	MaxBackoff      = 5 * time.Second
	panicResetAfter = time.Minute
	MaxPanics       = 20
)

// panicHistory is the supervision state of one process that has panicked before.
type panicHistory struct {
	last   time.Time
	panics int
}

// record counts one panic at now and returns how many came without a calm spell between them.
func (g *panicHistory) record(now time.Time) int {
	if now.Sub(g.last) > panicResetAfter {
		g.panics = 0
	}
	g.last = now
	g.panics++
	return g.panics
}

// maxBackoffAfter is the longest pause after the given number of panics: 0, 100 ms, 200 ms … 5 s.
func maxBackoffAfter(panics int) time.Duration {
	if panics <= 1 {
		return 0
	}
	return min(MaxBackoff, minBackoff<<min(panics-2, 10))
}

// Backoff is the pause before try number n (1, 2, …) of something that failed: full jitter
// between 100 ms and the ceiling of n.
func (s *System) Backoff(n int) time.Duration {
	return minBackoff + s.Jitter(maxBackoffAfter(n+1)-minBackoff)
}

// Jitter is a random time between 0 and d.
func (s *System) Jitter(d time.Duration) time.Duration {
	return time.Duration(s.Random(int64(d) + 1))
}

// onPanic is told of every panic: it logs, counts, rebuilds or gives up, and returns the pause.
func (p *Process) onPanic(v any) time.Duration {
	p.kind.Panics.Add(1)
	if p.guard == nil {
		p.guard = &panicHistory{}
	}
	panics := p.guard.record(time.Now())
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

func (p *Process) giveUp() time.Duration {
	p.kind.GivenUp.Add(1)
	p.Sys.Engine.BroadcastEvent(ActorStopped{actor.ActorMaxRestartsExceededEvent{PID: p.Pid, Timestamp: time.Now()}})
	p.unregister()
	p.callOnGiveUp()
	p.discard(p.unhandled)
	p.unhandled = nil
	return 0
}

// callOnGiveUp calls GaveUp. A panic in that is the end of it: what it looks at may be what has panicked before.
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

// ErrPanicked is what is told to those whose answer a panic has cost.
var ErrPanicked = errors.New("actor panicked")
