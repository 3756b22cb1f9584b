package actors

import (
	"slices"
	"time"
)

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
