package actors

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
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
	mu      sync.Mutex // timers of the virtual clock make processes ready from their own goroutines
	ready   []*Process
	broken  []string
	refused int
	flushed []time.Time
	rewound bool // this run rewinds the log; then no node crashes, for their memories are what heals it
	trace   []string
}

func (s *sim) fail(format string, args ...any) {
	s.note("BREACH "+format, args...)
	s.broken = append(s.broken, fmt.Sprintf(format, args...))
}

func (s *sim) note(format string, args ...any) {
	if *simSeed != 0 {
		s.trace = append(s.trace, fmt.Sprintf("%8.3f ", time.Since(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Seconds())+fmt.Sprintf(format, args...))
	}
}

func newSim(t *testing.T, seed uint64) *sim {
	s := &sim{t: t, seed: seed, rng: rand.New(rand.NewPCG(seed, 1)), redis: newSimRedis()}
	for i := range 3 {
		n := &simNode{name: fmt.Sprint("n", i), journal: &simJournal{}}
		s.nodes = append(s.nodes, n)
		s.start(n)
	}
	for i := range 4 {
		c := s.newClient(fmt.Sprint("u", i))
		s.clients = append(s.clients, c)
	}
	return s
}

// run lets up to n processes run, in an order drawn from the seed.
func (s *sim) run(n int) (ran bool) {
	for range n {
		s.mu.Lock()
		s.ready = slices.DeleteFunc(s.ready, func(p *Process) bool { return !s.living(p) })
		slices.SortFunc(s.ready, func(a, b *Process) int { return strings.Compare(s.place(a), s.place(b)) })
		if len(s.ready) == 0 {
			s.mu.Unlock()
			return ran
		}
		i := s.rng.IntN(len(s.ready))
		p := s.ready[i]
		s.ready = append(s.ready[:i:i], s.ready[i+1:]...)
		s.mu.Unlock()
		p.run()
		ran = true
	}
	return ran
}

func (s *sim) living(p *Process) bool {
	return slices.ContainsFunc(s.nodes, func(n *simNode) bool { return n.alive && n.sys == p.sys })
}

func (s *sim) place(p *Process) string {
	for _, n := range s.nodes {
		if n.sys == p.sys {
			return n.name + p.pid.ID
		}
	}
	return ""
}

// deliver lets the bus carry some of what was published.
func (s *sim) deliver() {
	for _, l := range s.redis.links {
		for range s.rng.IntN(4) {
			if l.sink != nil && !l.noSub && !s.redis.down && len(l.queue) > 0 {
				l.deliver()
			}
		}
	}
}

// turn is a few milliseconds of the world.
func (s *sim) turn() {
	s.run(s.rng.IntN(30))
	s.deliver()
	for _, c := range s.clients {
		if c.client != nil {
			c.look()
		}
	}
	<-time.After(time.Duration(1+s.rng.IntN(40)) * time.Millisecond)
	synctest.Wait()
}

// settle lets everything come to rest for a while of virtual time, with no faults.
func (s *sim) settle(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.run(1 << 20)
		for _, l := range s.redis.links {
			for l.sink != nil && len(l.queue) > 0 {
				l.deliver()
			}
		}
		for _, c := range s.clients {
			if c.client != nil {
				c.look()
			}
		}
		<-time.After(50 * time.Millisecond)
		synctest.Wait()
	}
}

// act is something that users do.
func (s *sim) act() {
	c := s.clients[s.rng.IntN(len(s.clients))]
	switch {
	case c.client == nil:
		n := s.nodes[s.rng.IntN(len(s.nodes))]
		if n.alive {
			s.note("%s connects to %s at %s/%d", c.user, n.name, c.epoch, c.pos)
			c.connect(n)
		}
	case s.rng.IntN(40) == 0:
		s.note("%s leaves", c.user)
		c.leave()
	case s.rng.IntN(12) == 0 && len(c.order) > 0 && c.joined:
		c.transmit(c.order[0]) // an impatient retry
	case c.joined:
		c.send()
	}
}

func (s *sim) play() {
	s.rewound = s.rng.IntN(2) == 0
	s.settle(2 * time.Second)
	for range 40 + s.rng.IntN(120) {
		for range 1 + s.rng.IntN(4) {
			s.act()
		}
		if s.rng.IntN(6) == 0 {
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
	s.audit()
}

func TestSimulation(t *testing.T) {
	first, n := uint64(1), *simSeeds
	if *simSeed != 0 {
		first, n = *simSeed, 1
	}
	begin := time.Now()
	for seed := first; seed < first+uint64(n); seed++ {
		var broken, trace []string
		synctest.Test(t, func(t *testing.T) {
			s := newSim(t, seed)
			s.play()
			broken, trace = s.broken, s.trace
		})
		if len(broken) > 0 {
			t.Fatalf("seed %d breaches: %s\n%s\nrun it again: go test ./actors -run TestSimulation -sim.seed %d", seed, strings.Join(broken, "\n  "), strings.Join(trace, "\n"), seed)
		}
	}
	t.Logf("%d seeds, %.0f a minute", n, float64(n)/time.Since(begin).Minutes())
}
