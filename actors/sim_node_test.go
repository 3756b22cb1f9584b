package actors

import (
	"fmt"
	"os"
	"slices"

	"github.com/rs/zerolog"
)

// simNode is a node of the simulation: alive it has a core, dead only its disk.
type simNode struct {
	name    string
	core    *Core
	sys     *System
	link    *simLink
	journal *simJournal
	alive   bool
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
	sys.lend = sys.schedule
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
