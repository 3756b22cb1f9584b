package simulation

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/process"
)

var (
	firstSeed = flag.Uint64("sim.first", 1, "first seed to run")
	onlySeed  = flag.Uint64("sim.seed", 0, "run only this seed, and print a trace")
	seedCount = flag.Int("sim.seeds", 300, "number of seeds to run")
)

// sim runs three whole nodes in virtual time on one goroutine: the production actors with its own scheduler and a
// model of Redis. One seed determines which process runs next and all deliveries, losses, disconnects and crashes.
type sim struct {
	t          *testing.T
	seed       uint64
	rng        *rand.Rand
	redis      *redisModel
	nodes      []*node
	clients    []*client
	mu         sync.Mutex   // guards fired and ready: timers fire on their own goroutines
	fired      []firedTimer // timers whose function has not run yet
	timerCount int
	ready      []*process.Process
	violations []string
	plan       faultPlan
	panics     *panicInjector
	rooms      []string
	traced     bool
	trace      []string
}

func (s *sim) failf(format string, args ...any) {
	s.tracef("BREACH "+format, args...)
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}

func (s *sim) tracef(format string, args ...any) {
	if s.traced {
		s.trace = append(s.trace, fmt.Sprintf("%8.3f ", time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds())+fmt.Sprintf(format, args...))
	}
}

func newSim(t *testing.T, seed uint64, traced bool) *sim {
	return newSimWithPanics(t, seed, traced, &panicInjector{})
}

func newSimWithPanics(t *testing.T, seed uint64, traced bool, panics *panicInjector) *sim {
	s := &sim{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), redis: newRedisModel(), traced: traced, panics: panics}
	s.drawPlan()
	for i := range 3 {
		n := &node{name: fmt.Sprint("n", i), journal: &actorstest.FakeJournal{}}
		s.nodes = append(s.nodes, n)
		s.start(n)
	}
	for i := range 4 {
		s.clients = append(s.clients, s.newClient(i))
	}
	return s
}

// firedTimer is a timer that has expired, with its function.
type firedTimer struct {
	at     time.Time
	number int // order in which the timers were started
	do     func()
}

// after starts a timer. runTimers calls its function, in an order that does not depend on the goroutine scheduler.
func (s *sim) after(d time.Duration, do func()) *time.Timer {
	s.timerCount++
	t := firedTimer{time.Now().Add(d), s.timerCount, do}
	return time.AfterFunc(d, func() {
		s.mu.Lock()
		s.fired = append(s.fired, t)
		s.mu.Unlock()
	})
}

// runTimers runs the functions of all expired timers, ordered by time.
func (s *sim) runTimers() {
	s.mu.Lock()
	due := s.fired
	s.fired = nil
	s.mu.Unlock()
	slices.SortFunc(due, func(a, b firedTimer) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.number, b.number)) })
	for _, t := range due {
		t.do()
	}
}

// runProcesses runs up to n ready processes in random order, and reports whether there was one.
func (s *sim) runProcesses(n int) (ran bool) {
	for range n {
		s.mu.Lock()
		s.ready = slices.DeleteFunc(s.ready, func(p *process.Process) bool { return !s.isAlive(p) })
		slices.SortFunc(s.ready, func(a, b *process.Process) int { return strings.Compare(s.orderKey(a), s.orderKey(b)) })
		if len(s.ready) == 0 {
			s.mu.Unlock()
			return ran
		}
		i := s.rng.IntN(len(s.ready))
		p := s.ready[i]
		s.ready = append(s.ready[:i:i], s.ready[i+1:]...)
		s.mu.Unlock()
		p.Run()
		ran = true
		s.checkStatuses()
	}
	return ran
}

func (s *sim) isAlive(p *process.Process) bool {
	return slices.ContainsFunc(s.nodes, func(n *node) bool { return n.alive && n.sys == p.Sys })
}

// orderKey returns the name of a process within the simulation.
func (s *sim) orderKey(p *process.Process) string {
	for _, n := range s.nodes {
		if n.sys == p.Sys {
			return n.name + p.ID()
		}
	}
	return ""
}

func (s *sim) checkStatuses() {
	for _, n := range s.nodes {
		s.checkStatus(n)
	}
}

// deliver delivers a random number of queued events, less than limit per link, and some delayed batches.
func (s *sim) deliver(limit int) {
	for _, l := range s.redis.links {
		for range s.rng.IntN(limit) {
			if l.sink != nil && !l.noSub && !s.redis.down && len(l.queue) > 0 {
				l.deliver()
			}
		}
		if len(l.delayed) > 0 && !s.redis.down && s.rng.IntN(8) == 0 {
			l.storeDelayed()
		}
	}
}

func (s *sim) readFrames() {
	for _, c := range s.clients {
		if c.conn != nil {
			c.readFrames()
		}
	}
}

// advance advances the virtual clock by d and runs the timers that expire.
func (s *sim) advance(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
	s.runTimers()
	s.checkStatuses()
}

// step runs the simulation for 1 to 40 ms.
func (s *sim) step() {
	s.runProcesses(s.rng.IntN(30))
	s.deliver(4)
	s.readFrames()
	s.advance(time.Duration(1+s.rng.IntN(40)) * time.Millisecond)
}

// drain runs all ready processes and delivers nearly all events, then advances the clock by d.
func (s *sim) drain(d time.Duration) {
	s.runProcesses(1 << 20)
	s.deliver(1 << 10)
	s.readFrames()
	s.advance(d)
}

// runFor runs the simulation for d without user actions or new faults.
func (s *sim) runFor(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.drain(50 * time.Millisecond)
	}
}

// userAction lets a random user act, or connect if it is offline.
func (s *sim) userAction() {
	c := s.clients[s.rng.IntN(len(s.clients))]
	if c.conn != nil {
		c.act()
		return
	}
	if n := s.nodes[s.rng.IntN(len(s.nodes))]; n.alive {
		c.connect(n)
	}
}

// runSeed runs one seed: random actions and faults, then the audit. It stops at the first violation.
func (s *sim) runSeed() {
	s.runFor(2 * time.Second)
	for range 40 + s.rng.IntN(120) {
		for range 1 + s.rng.IntN(4) {
			s.userAction()
		}
		if s.rng.IntN(5) == 0 {
			s.injectFault()
		}
		for range 1 + s.rng.IntN(6) {
			s.step()
		}
		if len(s.violations) > 0 {
			return
		}
	}
	s.heal()
	if len(s.violations) == 0 {
		s.audit()
	}
}

// simulate runs a seed. It returns the violations and, if traced is set, a trace of all events.
func simulate(t *testing.T, seed uint64, traced bool) (violations, trace []string) {
	synctest.Test(t, func(t *testing.T) {
		s := newSim(t, seed, traced)
		s.runSeed()
		violations, trace = s.violations, s.trace
	})
	return violations, trace
}

func TestSimulation(t *testing.T) {
	first, n := *firstSeed, *seedCount
	if *onlySeed != 0 {
		first, n = *onlySeed, 1
	}
	begin := time.Now()
	for seed := first; seed < first+uint64(n); seed++ {
		if violations, trace := simulate(t, seed, *onlySeed != 0); len(violations) > 0 {
			t.Fatalf("seed %d breaches: %s\n%s\nrun it again: make sim SEED=%d", seed, strings.Join(violations, "\n  "), strings.Join(trace, "\n"), seed)
		}
	}
	t.Logf("%d seeds, %.0f a minute", n, float64(n)/time.Since(begin).Minutes())
}

// A seed produces the same trace in every run, so that a failure can be repeated.
func TestSimulationIsReproducible(t *testing.T) {
	for seed := range uint64(20) {
		_, first := simulate(t, seed, true)
		_, second := simulate(t, seed, true)
		for i := range min(len(first), len(second)) {
			if first[i] != second[i] {
				t.Fatalf("seed %d: line %d differs: first run\n%s\nsecond run\n%s", seed, i, first[i], second[i])
			}
		}
		if len(first) != len(second) || len(first) == 0 {
			t.Fatalf("seed %d: %d lines in the first trace, %d in the second, want the same number", seed, len(first), len(second))
		}
	}
}
