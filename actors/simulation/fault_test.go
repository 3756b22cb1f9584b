package simulation

import (
	"time"

	"chatnode/actors/chat"
)

// simPlan is what a run has in store, drawn before it begins.
type simPlan struct {
	rewinds bool // Redis loses what it has stored: by failovers and flushes
	crashes bool // nodes are killed
	evicts  bool // Redis lets go of idempotency keys early; then no client tries anything again
	lulls   int  // long pauses left, longer than what nodes remember
	rooms   int
}

// In a run that rewinds, all that happens lies within what nodes remember, so there are no long pauses.
func (s *sim) draw() {
	s.plan = simPlan{rewinds: s.rng.IntN(2) == 0, crashes: s.rng.IntN(3) > 0, rooms: 1 + s.rng.IntN(2)}
	if !s.plan.rewinds {
		s.plan.lulls = s.rng.IntN(3)
		s.plan.evicts = s.rng.IntN(6) == 0
		if s.rng.IntN(3) == 0 {
			s.redis.history, s.plan.lulls, s.plan.evicts = 30, 0, false // what the log lets go of is known by its key alone, as long as that is kept
		}
	}
	s.redis.tells = s.seed%2 == 0
	s.rooms = []string{chat.DefaultRoom, "side"}[:s.plan.rooms]
}

// fault is something that goes wrong, or ends.
func (s *sim) fault() {
	n := s.nodes[s.rng.IntN(len(s.nodes))]
	switch s.rng.IntN(8) {
	case 0:
		s.redis.down = !s.redis.down
		s.note("redis down: %v", s.redis.down)
		if s.redis.down && s.rng.IntN(2) == 0 {
			s.redis.cutAll()
		}
	case 1, 2:
		s.weather(n)
	case 3:
		s.note("%s is whole", n.name)
		n.link.simWeather, n.journal.Full, n.journal.Stuck = simWeather{}, false, false
	case 4:
		if s.plan.rewinds {
			s.rewind()
		}
	case 5:
		s.disk(n)
	case 6, 7:
		s.life(n)
	}
}

// weather changes what one node's link suffers.
func (s *sim) weather(n *simNode) {
	l := n.link
	switch s.rng.IntN(10) {
	case 0:
		l.noPub = !l.noPub
	case 1:
		l.noSub = !l.noSub
	case 2:
		l.noGet = !l.noGet
	case 3:
		l.late = !l.late
	case 4:
		l.belated = !l.belated
	case 5:
		l.lossy = !l.lossy
	case 6:
		l.mixed = !l.mixed
	case 7: // nothing passes, in either direction
		l.noPub, l.noSub, l.noGet = true, true, true
	case 8: // and it may find it hard to read what it has missed
		s.note("%s hears no more", n.name)
		l.noRange = s.rng.IntN(2) == 0
		l.breakSub()
	case 9:
		l.noRange = !l.noRange
	}
	s.note("link %s: %v", n.name, l.simWeather)
}

// rewind lets Redis lose what it has stored last, or all.
func (s *sim) rewind() {
	switch k := s.rng.IntN(9); {
	case k < 4:
		s.note("replica caught up")
		s.redis.snapshot()
	case k < 8 && s.redis.backup != nil:
		s.note("failover")
		s.redis.failover()
		if n := s.nodes[s.rng.IntN(len(s.nodes))]; s.plan.crashes && n.alive && s.rng.IntN(3) == 0 { // one machine was both
			s.crash(n)
		}
	case k == 8:
		s.note("flushall")
		s.redis.flush()
		if s.rng.IntN(2) == 0 {
			s.redis.cutAll()
		}
	}
}

// disk lets a journal fill up or refuse to let go, Redis lose keys that are no log, or time pass.
func (s *sim) disk(n *simNode) {
	switch s.rng.IntN(5) {
	case 0:
		n.journal.Full = !n.journal.Full
	case 1:
		n.journal.Stuck = !n.journal.Stuck
	case 2:
		clear(s.redis.present)
	case 3:
		if s.plan.lulls > 0 {
			s.plan.lulls--
			s.lull(time.Duration(10+s.rng.IntN(215)) * time.Second)
		}
	case 4:
		for _, m := range s.redis.rooms {
			if s.plan.evicts {
				clear(m.keys)
			}
		}
	}
}

// life kills a node, or starts it again.
func (s *sim) life(n *simNode) {
	switch {
	case !n.alive:
		s.note("start %s", n.name)
		s.start(n)
	case s.plan.crashes && s.rng.IntN(3) == 0:
		s.crash(n)
	}
}

// lull is a time in which nobody does anything, with all faults as they are.
func (s *sim) lull(d time.Duration) {
	s.note("lull of %v", d)
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.rest(200 * time.Millisecond)
	}
}

// heal ends all faults, lets every user be connected and say a last word, and waits.
func (s *sim) heal() {
	s.note("heal")
	s.panics.left = 0
	s.redis.down = false
	for _, n := range s.nodes {
		if !n.alive {
			s.start(n)
		}
		n.link.simWeather, n.journal.Full, n.journal.Stuck = simWeather{}, false, false
	}
	for _, c := range s.clients {
		if c.client == nil {
			c.connect(s.nodes[s.rng.IntN(len(s.nodes))])
		}
	}
	s.settle(10 * time.Second)
	for _, c := range s.clients {
		c.seesItsOwn()
	}
	for _, room := range s.rooms {
		for _, c := range s.clients {
			c.say(room)
		}
	}
	for range 3 {
		s.settle(5 * time.Second)
		for _, c := range s.clients {
			c.retry("")
		}
	}
	if s.rng.IntN(2) == 0 {
		s.clients[s.rng.IntN(len(s.clients))].leave()
	}
	s.settle(45 * time.Second) // leases of crashed nodes end
}
