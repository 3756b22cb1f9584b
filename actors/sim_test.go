package actors

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
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

type simNode struct {
	name    string
	core    *Core
	sys     *System
	link    *simLink
	journal *simJournal
	alive   bool
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

// start begins a life of a node: its memory is new, its disk is not.
func (s *sim) start(n *simNode) {
	log := zerolog.Nop()
	if *simSeed != 0 {
		log = zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, NoColor: true, PartsExclude: []string{"time"}}).With().Str("node", n.name).Logger()
	}
	sys, err := NewSystem(log)
	if err != nil {
		s.t.Fatal(err)
	}
	sys.schedule = func(p *Process) {
		s.mu.Lock()
		s.ready = append(s.ready, p)
		s.mu.Unlock()
	}
	sys.random = func(n int64) int64 { return s.rng.Int64N(n) }
	set := testSettings()
	set.Distributed, set.Recent, set.OutboxBytes = true, 8, 1<<20
	set.Incarnation = fmt.Sprintf("%s%07d", n.name[1:], s.rng.IntN(1e7))
	n.link = &simLink{redis: s.redis, node: n.name, sim: s}
	s.redis.links = append(s.redis.links, n.link)
	n.sys, n.core, n.alive = sys, New(sys, set, n.link.ports(n.journal)), true
	n.core.Start()
}

// crash is SIGKILL: nothing of the node runs again, and its clients notice.
func (s *sim) crash(n *simNode) {
	s.note("crash %s", n.name)
	n.alive = false
	n.link.sink = nil
	s.redis.links = slices.DeleteFunc(s.redis.links, func(l *simLink) bool { return l == n.link })
	for _, c := range s.clients {
		if c.node == n {
			c.node, c.client = nil, nil
		}
	}
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
	time.Sleep(time.Duration(1+s.rng.IntN(40)) * time.Millisecond)
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
		time.Sleep(50 * time.Millisecond)
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

// fault is something that goes wrong, or ends.
func (s *sim) fault() {
	n := s.nodes[s.rng.IntN(len(s.nodes))]
	l := n.link
	k := s.rng.IntN(14)
	switch {
	case k == 0:
		s.redis.down = !s.redis.down
		s.note("redis down: %v", s.redis.down)
		if s.redis.down && s.rng.IntN(2) == 0 {
			s.redis.cutAll()
		}
	case k == 1:
		l.noPub = !l.noPub
	case k == 2:
		l.noSub = !l.noSub
	case k == 3:
		l.noGet = !l.noGet
	case k == 4:
		l.late = !l.late
	case k == 5:
		l.lossy = !l.lossy
	case k == 6:
		s.note("%s hears no more", n.name)
		l.breakSub()
	case k == 7:
		l.noPub, l.noSub, l.noGet, l.late, l.lossy = false, false, false, false, false
		s.note("%s is whole", n.name)
	case k == 8 && s.rewound:
		s.note("replica caught up")
		s.redis.snapshot()
	case k == 9 && s.rewound && s.redis.backup != nil:
		s.note("failover")
		s.redis.failover()
		s.redis.backup = nil
	case k == 10 && s.rewound && s.rng.IntN(4) == 0:
		s.note("flushall")
		s.redis.flush()
		if s.rng.IntN(2) == 0 {
			s.redis.cutAll()
		}
		s.redis.backup = nil
		s.flushed = append(s.flushed, time.Now())
	case k >= 11 && !s.rewound && n.alive && s.rng.IntN(3) == 0:
		s.crash(n)
	case k >= 11 && !n.alive:
		s.note("start %s", n.name)
		s.start(n)
	}
	if k > 0 && k < 6 {
		s.note("link %s: pub %v sub %v get %v late %v lossy %v", n.name, !l.noPub, !l.noSub, !l.noGet, l.late, l.lossy)
	}
}

// heal ends all faults, lets every user be connected, and waits.
func (s *sim) heal() {
	s.note("heal")
	s.redis.down = false
	for _, n := range s.nodes {
		if !n.alive {
			s.start(n)
		}
		l := n.link
		l.noPub, l.noSub, l.noGet, l.late, l.lossy = false, false, false, false, false
	}
	for _, c := range s.clients {
		if c.client == nil {
			c.connect(s.nodes[s.rng.IntN(len(s.nodes))])
		}
	}
	s.settle(20 * time.Second)
	for range 3 {
		for _, c := range s.clients {
			for _, id := range slices.Clone(c.order) {
				c.transmit(id)
			}
		}
		s.settle(5 * time.Second)
	}
	s.settle(40 * time.Second) // leases of crashed nodes end
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
