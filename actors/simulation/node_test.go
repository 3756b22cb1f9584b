package simulation

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/rs/zerolog"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/process"
	"chatnode/actors/wire"
)

// node is a node of the simulation. Only its journal survives a crash.
type node struct {
	name           string
	core           *actors.Core
	sys            *process.System
	link           *nodeLink
	journal        *actorstest.FakeJournal
	alive          bool
	status         *wire.Status // last status of the link
	statusAt       time.Time
	disconnectedAt time.Time // when it became unable to receive or to publish; zero: it can do both
}

// recentEntries is the number of entries of a room that a node keeps in memory.
const recentEntries = 8

// start starts a node with an empty memory and its old journal.
func (s *sim) start(n *node) {
	log := zerolog.Nop()
	if *onlySeed != 0 {
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
	set := actorstest.Settings()
	set.Distributed, set.Recent, set.OutboxBytes, set.HistorySize = true, recentEntries, 1<<20, s.redis.history
	set.Stored = wire.StoredRedis
	set.Incarnation = fmt.Sprintf("%s%07d", n.name[1:], s.rng.IntN(1e7))
	n.link = &nodeLink{redis: s.redis, node: n.name, sim: s, alive: true}
	s.redis.links = append(s.redis.links, n.link)
	n.sys, n.core, n.alive = sys, actors.New(sys, set, s.panics.wrapPorts(n.link.ports(n.journal))), true
	n.status, n.statusAt, n.disconnectedAt = nil, time.Now(), time.Time{}
	n.core.Start()
}

// crash ends a node as SIGKILL does: no actor of it runs again. Its clients notice at once.
func (s *sim) crash(n *node) {
	s.tracef("crash %s", n.name)
	s.checkUnknown(n)
	n.alive, n.link.alive, n.link.sink = false, false, nil
	s.redis.links = slices.DeleteFunc(s.redis.links, func(l *nodeLink) bool { return l == n.link })
	for _, c := range s.clients {
		if c.node == n {
			c.node, c.conn = nil, nil
		}
	}
}

// journalHas reports whether the journal of n contains the described write.
func (s *sim) journalHas(n *node, words string) bool {
	return slices.ContainsFunc(n.journal.Writes, func(w chat.Write) bool { return s.redis.describe(&w) == words })
}

// checkUnknown checks that no actor of n has received a message that it does not handle.
func (s *sim) checkUnknown(n *node) {
	for kind := range n.sys.Kinds() {
		if c := kind.Unknown.Load(); c > 0 {
			s.failf("%s: kind %s received %d unknown messages, want 0", n.name, kind.Name, c)
		}
	}
}

// degradedTimeout is the time within which a node must report that it is degraded: 3 s, plus 0.5 s because the
// scheduler delays nodes and clients.
const degradedTimeout = 3*time.Second + 500*time.Millisecond

// checkStatus checks that the status that a node reports is true (INV-5).
func (s *sim) checkStatus(n *node) {
	if !n.alive {
		return
	}
	if status := n.core.Link.LinkStatus(); status != n.status {
		n.status, n.statusAt = status, time.Now()
		if !status.Degraded && len(n.journal.Writes) > 0 {
			s.failf("INV-5: %s reports ok with %d writes in its journal", n.name, len(n.journal.Writes))
		}
	}
	if l := n.link; !s.redis.down && !l.noPub && !l.noSub && l.sink != nil {
		n.disconnectedAt = time.Time{}
		return
	}
	if n.disconnectedAt.IsZero() {
		n.disconnectedAt = time.Now()
	}
	if d := time.Since(n.disconnectedAt); d > degradedTimeout && !n.core.Degraded() {
		s.failf("INV-5: %s could not receive or publish for %v and does not report it", n.name, d)
	}
}
