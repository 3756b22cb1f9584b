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
	simFirst = flag.Uint64("sim.first", 1, "the first seed of the simulation to run")
	simSeed  = flag.Uint64("sim.seed", 0, "run only this seed of the simulation, and tell what happens")
	simSeeds = flag.Int("sim.seeds", 300, "seeds of the simulation to run")
)

// sim runs several whole nodes, the real actors on a scheduler of its own, against the model Redis, in
// virtual time and on one goroutine: which process runs next, what is delivered, lost, cut and crashed,
// is drawn from one seed.
type sim struct {
	t       *testing.T
	seed    uint64
	rng     *rand.Rand
	redis   *simRedis
	nodes   []*simNode
	clients []*simClient
	mu      sync.Mutex // timers of the virtual clock fire on their own goroutines
	due     []simTimer // those that have fired
	timers  int
	ready   []*process.Process
	broken  []string
	plan    simPlan
	panics  *simPanics
	rooms   []string
	traced  bool
	trace   []string
}

func (s *sim) fail(format string, args ...any) {
	s.note("BREACH "+format, args...)
	s.broken = append(s.broken, fmt.Sprintf(format, args...))
}

func (s *sim) note(format string, args ...any) {
	if s.traced {
		s.trace = append(s.trace, fmt.Sprintf("%8.3f ", time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds())+fmt.Sprintf(format, args...))
	}
}

func newSim(t *testing.T, seed uint64, traced bool) *sim {
	return newSimOf(t, seed, traced, &simPanics{})
}

func newSimOf(t *testing.T, seed uint64, traced bool, panics *simPanics) *sim {
	s := &sim{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), redis: newSimRedis(), traced: traced, panics: panics}
	s.draw()
	for i := range 3 {
		n := &simNode{name: fmt.Sprint("n", i), journal: &actorstest.SimJournal{}}
		s.nodes = append(s.nodes, n)
		s.start(n)
	}
	for i := range 4 {
		s.clients = append(s.clients, s.newClient(i))
	}
	return s
}

// simTimer is a timer that has fired, and what it is for.
type simTimer struct {
	at time.Time
	n  int // of all timers, in the order of their beginning
	do func()
}

// after begins a timer whose end is carried out when the simulation gets to it, in an order that does
// not depend on which goroutine runs first.
func (s *sim) after(d time.Duration, do func()) *time.Timer {
	s.timers++
	t := simTimer{time.Now().Add(d), s.timers, do}
	return time.AfterFunc(d, func() {
		s.mu.Lock()
		s.due = append(s.due, t)
		s.mu.Unlock()
	})
}

func (s *sim) fire() {
	s.mu.Lock()
	due := s.due
	s.due = nil
	s.mu.Unlock()
	slices.SortFunc(due, func(a, b simTimer) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.n, b.n)) })
	for _, t := range due {
		t.do()
	}
}

// run lets up to n processes run, in an order drawn from the seed.
func (s *sim) run(n int) (ran bool) {
	for range n {
		s.mu.Lock()
		s.ready = slices.DeleteFunc(s.ready, func(p *process.Process) bool { return !s.living(p) })
		slices.SortFunc(s.ready, func(a, b *process.Process) int { return strings.Compare(s.place(a), s.place(b)) })
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
		s.watchAll()
	}
	return ran
}

func (s *sim) living(p *process.Process) bool {
	return slices.ContainsFunc(s.nodes, func(n *simNode) bool { return n.alive && n.sys == p.Sys })
}

func (s *sim) place(p *process.Process) string {
	for _, n := range s.nodes {
		if n.sys == p.Sys {
			return n.name + p.ID()
		}
	}
	return ""
}

func (s *sim) watchAll() {
	for _, n := range s.nodes {
		s.watch(n)
	}
}

// deliver lets the network carry some of what is under way.
func (s *sim) deliver(most int) {
	for _, l := range s.redis.links {
		for range s.rng.IntN(most) {
			if l.sink != nil && !l.noSub && !s.redis.down && len(l.queue) > 0 {
				l.deliver()
			}
		}
		if len(l.unsent) > 0 && !s.redis.down && s.rng.IntN(8) == 0 {
			l.arrive()
		}
	}
}

func (s *sim) look() {
	for _, c := range s.clients {
		if c.client != nil {
			c.look()
		}
	}
}

func (s *sim) wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
	s.fire()
	s.watchAll()
}

// turn is a few milliseconds of the world.
func (s *sim) turn() {
	s.run(s.rng.IntN(30))
	s.deliver(4)
	s.look()
	s.wait(time.Duration(1+s.rng.IntN(40)) * time.Millisecond)
}

// rest is a longer while, in which all that can be done is done.
func (s *sim) rest(d time.Duration) {
	s.run(1 << 20)
	s.deliver(1 << 10)
	s.look()
	s.wait(d)
}

// settle lets everything come to rest.
func (s *sim) settle(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.rest(50 * time.Millisecond)
	}
}

// act is something that users do.
func (s *sim) act() {
	c := s.clients[s.rng.IntN(len(s.clients))]
	if c.client != nil {
		c.act()
		return
	}
	if n := s.nodes[s.rng.IntN(len(s.nodes))]; n.alive {
		c.connect(n)
	}
}

func (s *sim) play() {
	s.settle(2 * time.Second)
	for range 40 + s.rng.IntN(120) {
		for range 1 + s.rng.IntN(4) {
			s.act()
		}
		if s.rng.IntN(5) == 0 {
			s.fault()
		}
		for range 1 + s.rng.IntN(6) {
			s.turn()
		}
		if len(s.broken) > 0 {
			return
		}
	}
	s.heal()
	if len(s.broken) == 0 {
		s.audit()
	}
}

// simulate plays a seed, and returns the breaches and, where it is wanted, all that has happened.
func simulate(t *testing.T, seed uint64, traced bool) (broken, trace []string) {
	synctest.Test(t, func(t *testing.T) {
		s := newSim(t, seed, traced)
		s.play()
		broken, trace = s.broken, s.trace
	})
	return broken, trace
}

func TestSimulation(t *testing.T) {
	first, n := *simFirst, *simSeeds
	if *simSeed != 0 {
		first, n = *simSeed, 1
	}
	begin := time.Now()
	for seed := first; seed < first+uint64(n); seed++ {
		if broken, trace := simulate(t, seed, *simSeed != 0); len(broken) > 0 {
			t.Fatalf("seed %d breaches: %s\n%s\nrun it again: make sim SEED=%d", seed, strings.Join(broken, "\n  "), strings.Join(trace, "\n"), seed)
		}
	}
	t.Logf("%d seeds, %.0f a minute", n, float64(n)/time.Since(begin).Minutes())
}

// A seed that fails is worth something only if it fails again.
func TestSimulationIsReproducible(t *testing.T) {
	for seed := range uint64(20) {
		_, first := simulate(t, seed, true)
		_, second := simulate(t, seed, true)
		for i := range min(len(first), len(second)) {
			if first[i] != second[i] {
				t.Fatalf("seed %d: line %d of the first run, and of the second:\n%s\n%s", seed, i, first[i], second[i])
			}
		}
		if len(first) != len(second) || len(first) == 0 {
			t.Fatalf("seed %d: %d lines in the first run, %d in the second", seed, len(first), len(second))
		}
	}
}
