package simulation

import (
	"time"

	"chatnode/actors/chat"
)

// faultPlan selects the faults of a run. It is drawn before the run begins.
type faultPlan struct {
	rewinds    bool // Redis loses entries by failovers and flushes
	crashes    bool // nodes are killed
	evicts     bool // Redis removes idempotency keys early; clients then do not retry
	pausesLeft int  // pauses left that last longer than the memory of the nodes
	rooms      int
}

// drawPlan draws the fault plan. A run that rewinds has no pauses, because nodes can repair a loss only within the
// time that they remember their writes.
func (s *sim) drawPlan() {
	s.plan = faultPlan{rewinds: s.rng.IntN(2) == 0, crashes: s.rng.IntN(3) > 0, rooms: 1 + s.rng.IntN(2)}
	if !s.plan.rewinds {
		s.plan.pausesLeft = s.rng.IntN(3)
		s.plan.evicts = s.rng.IntN(6) == 0
		if s.rng.IntN(3) == 0 {
			// A trimmed entry is known only by its key, until the key expires.
			s.redis.history, s.plan.pausesLeft, s.plan.evicts = 30, 0, false
		}
	}
	s.redis.reportsMissing = s.seed%2 == 0
	s.rooms = []string{chat.DefaultRoom, "side"}[:s.plan.rooms]
}

// injectFault starts or ends one random fault.
func (s *sim) injectFault() {
	n := s.nodes[s.rng.IntN(len(s.nodes))]
	switch s.rng.IntN(8) {
	case 0:
		s.redis.down = !s.redis.down
		s.tracef("redis down: %v", s.redis.down)
		if s.redis.down && s.rng.IntN(2) == 0 {
			s.redis.disconnectAll()
		}
	case 1, 2:
		s.toggleLinkFault(n)
	case 3:
		s.tracef("%s is whole", n.name)
		n.link.linkFaults, n.journal.Full, n.journal.Stuck = linkFaults{}, false, false
	case 4:
		if s.plan.rewinds {
			s.rewindRedis()
		}
	case 5:
		s.injectStorageFault(n)
	case 6, 7:
		s.killOrStart(n)
	}
}

// toggleLinkFault starts or ends one fault of a node's link.
func (s *sim) toggleLinkFault(n *node) {
	l := n.link
	switch s.rng.IntN(10) {
	case 0:
		l.noPub = !l.noPub
	case 1:
		l.noSub = !l.noSub
	case 2:
		l.noGet = !l.noGet
	case 3:
		l.replyLost = !l.replyLost
	case 4:
		l.storedLate = !l.storedLate
	case 5:
		l.lossy = !l.lossy
	case 6:
		l.reordered = !l.reordered
	case 7: // no traffic in either direction
		l.noPub, l.noSub, l.noGet = true, true, true
	case 8: // the subscriber disconnects; reads of the log may fail too
		s.tracef("%s hears no more", n.name)
		l.noRange = s.rng.IntN(2) == 0
		l.breakSub()
	case 9:
		l.noRange = !l.noRange
	}
	s.tracef("link %s: %v", n.name, l.linkFaults)
}

// rewindRedis lets Redis lose its newest entries or all data, or takes the snapshot that the next failover restores.
func (s *sim) rewindRedis() {
	switch k := s.rng.IntN(9); {
	case k < 4:
		s.tracef("replica caught up")
		s.redis.snapshot()
	case k < 8 && s.redis.backup != nil:
		s.tracef("failover")
		s.redis.failover()
		// Sometimes Redis and a node were on one machine.
		if n := s.nodes[s.rng.IntN(len(s.nodes))]; s.plan.crashes && n.alive && s.rng.IntN(3) == 0 {
			s.crash(n)
		}
	case k == 8:
		s.tracef("flushall")
		s.redis.flush()
		if s.rng.IntN(2) == 0 {
			s.redis.disconnectAll()
		}
	}
}

// injectStorageFault toggles a fault of the journal, removes presence or idempotency keys from Redis, or pauses the
// run.
func (s *sim) injectStorageFault(n *node) {
	switch s.rng.IntN(5) {
	case 0:
		n.journal.Full = !n.journal.Full
	case 1:
		n.journal.Stuck = !n.journal.Stuck
	case 2:
		clear(s.redis.presence)
	case 3:
		if s.plan.pausesLeft > 0 {
			s.plan.pausesLeft--
			s.pause(time.Duration(10+s.rng.IntN(215)) * time.Second)
		}
	case 4:
		for _, m := range s.redis.rooms {
			if s.plan.evicts {
				clear(m.keys)
			}
		}
	}
}

// killOrStart starts a dead node, and sometimes kills a live one.
func (s *sim) killOrStart(n *node) {
	switch {
	case !n.alive:
		s.tracef("start %s", n.name)
		s.start(n)
	case s.plan.crashes && s.rng.IntN(3) == 0:
		s.crash(n)
	}
}

// pause runs the nodes for d without user actions. Faults stay as they are.
func (s *sim) pause(d time.Duration) {
	s.tracef("lull of %v", d)
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.drain(200 * time.Millisecond)
	}
}

// heal ends all faults, connects all clients, lets each send a message to each room, and waits until leases of crashed
// nodes have expired.
func (s *sim) heal() {
	s.tracef("heal")
	s.panics.remaining = 0
	s.redis.down = false
	for _, n := range s.nodes {
		if !n.alive {
			s.start(n)
		}
		n.link.linkFaults, n.journal.Full, n.journal.Stuck = linkFaults{}, false, false
	}
	for _, c := range s.clients {
		if c.conn == nil {
			c.connect(s.nodes[s.rng.IntN(len(s.nodes))])
		}
	}
	s.runFor(10 * time.Second)
	for _, c := range s.clients {
		c.checkOwnWrites()
	}
	for _, room := range s.rooms {
		for _, c := range s.clients {
			c.sendMessage(room)
		}
	}
	for range 3 {
		s.runFor(5 * time.Second)
		for _, c := range s.clients {
			c.retry("")
		}
	}
	if s.rng.IntN(2) == 0 {
		s.clients[s.rng.IntN(len(s.clients))].disconnect()
	}
	s.runFor(45 * time.Second) // leases of crashed nodes expire
}
