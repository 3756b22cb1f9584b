package process

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Supervision. A panic costs the message (of a BatchActor: what it has come to of the batch) that was being handled.
// The first one within calmAfter goes on at once; a storm backs off with full jitter up to
// maxBackoff; after giveUpAfter panics without a calm spell the process is given up: its owner is
// told through Spec.GaveUp and it stops.
const (
	minBackoff  = 100 * time.Millisecond
	MaxBackoff  = 5 * time.Second
	calmAfter   = time.Minute
	GiveUpAfter = 20
)

// guard is the supervision state of one process that has panicked before.
type guard struct {
	last    time.Time
	strikes int
}

// strike counts one panic at now and returns how many came without a calm spell between them.
func (g *guard) strike(now time.Time) int {
	if now.Sub(g.last) > calmAfter {
		g.strikes = 0
	}
	g.last = now
	g.strikes++
	return g.strikes
}

// ceiling is the longest pause after the given number of strikes: 0, 100 ms, 200 ms … 5 s.
func ceiling(strikes int) time.Duration {
	if strikes <= 1 {
		return 0
	}
	return min(MaxBackoff, minBackoff<<min(strikes-2, 10))
}

// Backoff is the pause before try number n (1, 2, …) of something that failed: full jitter
// between 100 ms and the ceiling of n.
func (s *System) Backoff(n int) time.Duration {
	return minBackoff + s.UpTo(ceiling(n+1)-minBackoff)
}

// upTo is a random time between 0 and d.
func (s *System) UpTo(d time.Duration) time.Duration {
	return time.Duration(s.Random(int64(d) + 1))
}

// recovered is told of every panic: it logs, counts, rebuilds or gives up, and returns the pause.
func (p *Process) recovered(v any) time.Duration {
	p.kind.Panics.Add(1)
	if p.guard == nil {
		p.guard = &guard{}
	}
	strikes := p.guard.strike(time.Now())
	p.Sys.Log.Error().Str("actor", p.Pid.ID).Int("panics", strikes).Str("panic", fmt.Sprint(v)).Bytes("stack", debug.Stack()).Msg("actor panicked")
	if p.status.Load() == statusStopped {
		return 0
	}
	if strikes >= GiveUpAfter {
		return p.giveUp()
	}
	p.kind.Restarts.Add(1)
	var first any = Recovered{}
	if p.anew != nil {
		p.Actor, first = p.anew(), Started{}
	}
	p.mail.depth.Add(1)
	p.rest = append([]any{first}, p.rest...)
	if top := ceiling(strikes); top > 0 {
		return minBackoff/2 + p.Sys.UpTo(top)
	}
	return 0
}

func (p *Process) giveUp() time.Duration {
	p.kind.GivenUp.Add(1)
	p.Sys.Log.Error().Str("actor", p.Pid.ID).Msg("actor stopped after repeated panics")
	p.leave()
	p.tellOwner()
	p.drop(p.rest)
	p.rest = nil
	return 0
}

// tellOwner calls GaveUp. A panic in that is the end of it: what it looks at may be what has panicked before.
func (p *Process) tellOwner() {
	defer func() {
		if v := recover(); v != nil {
			p.kind.Panics.Add(1)
			p.Sys.Log.Error().Str("actor", p.Pid.ID).Str("panic", fmt.Sprint(v)).Bytes("stack", debug.Stack()).Msg("actor cleanup panicked")
		}
	}()
	if p.gaveUp != nil {
		p.gaveUp()
	}
}

// errPanicked is what is told to those whose answer a panic has cost.
var ErrPanicked = errors.New("actor panicked")
