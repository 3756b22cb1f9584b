package simulation

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// simNode is a node of the simulation: alive it has a core, dead only its disk.
type simNode struct {
	name    string
	core    *actors.Core
	sys     *process.System
	link    *simLink
	journal *actorstest.SimJournal
	alive   bool
	said    *wire.Status // of the link, last
	saidAt  time.Time
	cutOff  time.Time // since when it can neither hear nor write; zero: it can
}

// simRecent is how many entries a room keeps in memory.
const simRecent = 8

// start begins a life of a node: its memory is new, its disk is not.
func (s *sim) start(n *simNode) {
	log := zerolog.Nop()
	if *simSeed != 0 {
		log = zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, NoColor: true, PartsExclude: []string{"time"}}).With().Str("node", n.name).Logger()
	}
	sys, err := process.NewSystem(log, actors.Kinds...)
	if err != nil {
		s.t.Fatal(err)
	}
	run := func(p *process.Process) {
		s.mu.Lock()
		s.ready = append(s.ready, p)
		s.mu.Unlock()
	}
	sys.Replace(process.Hooks{Run: run, Inline: run, After: s.after, Random: func(n int64) int64 { return s.rng.Int64N(n) }})
	set := actorstest.TestSettings()
	set.Distributed, set.Recent, set.OutboxBytes, set.HistorySize = true, simRecent, 1<<20, s.redis.history
	set.Stored = wire.StoredRedis
	set.Incarnation = fmt.Sprintf("%s%07d", n.name[1:], s.rng.IntN(1e7))
	n.link = &simLink{redis: s.redis, node: n.name, sim: s, alive: true}
	s.redis.links = append(s.redis.links, n.link)
	n.sys, n.core, n.alive = sys, actors.New(sys, set, s.panics.ports(n.link.ports(n.journal))), true
	n.said, n.saidAt, n.cutOff = nil, time.Now(), time.Time{}
	n.core.Start()
}

// crash is SIGKILL: nothing of the node runs again, and its clients notice.
func (s *sim) crash(n *simNode) {
	s.note("crash %s", n.name)
	n.alive, n.link.alive, n.link.sink = false, false, nil
	s.redis.links = slices.DeleteFunc(s.redis.links, func(l *simLink) bool { return l == n.link })
	for _, c := range s.clients {
		if c.node == n {
			c.node, c.client = nil, nil
		}
	}
}

// within is how soon a node must say what is wrong: 3 s, and what the scheduler, which lets it and
// its clients wait for their turn, may add.
const within = 3*time.Second + 500*time.Millisecond

// watch is the oracle for INV-5: what a node says of itself is true.
func (s *sim) watch(n *simNode) {
	if !n.alive {
		return
	}
	if said := n.core.Link.LinkStatus(); said != n.said {
		n.said, n.saidAt = said, time.Now()
		if !said.Degraded && len(n.journal.Writes) > 0 {
			s.fail("INV-5: %s says that all is well with %d writes in its journal", n.name, len(n.journal.Writes))
		}
	}
	if l := n.link; !s.redis.down && !l.noPub && !l.noSub && l.sink != nil {
		n.cutOff = time.Time{}
		return
	}
	if n.cutOff.IsZero() {
		n.cutOff = time.Now()
	}
	if d := time.Since(n.cutOff); d > within && !n.core.Degraded() {
		s.fail("INV-5: %s cannot hear or write since %v and does not say so", n.name, d)
	}
}
