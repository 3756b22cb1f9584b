package ws

import (
	"net/netip"
	"sync"
)

// slots counts the connections against the limits, and knows the open ones. A slot is taken before
// the upgrade and freed when the connection's file descriptor is closed, so that the limits bound
// descriptors too.
type slots struct {
	drained chan struct{} // closed when draining and nothing is taken

	mu       sync.Mutex
	max      int
	maxPerIP int
	taken    int
	perIP    map[netip.Addr]int // only where maxPerIP is set
	first    *socket            // the open ones: a list through socket.next and socket.prev
	draining bool
	closing  bool
}

func newSlots(limit, maxPerIP int) *slots {
	return &slots{max: limit, maxPerIP: maxPerIP, perIP: map[netip.Addr]int{}, drained: make(chan struct{})}
}

// take takes a slot for an address, or says why there is none.
func (s *slots) take(ip netip.Addr) (why Refusal, ok bool) {
	key := slotKey(ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.draining:
		return RefusedShutdown, false
	case s.max > 0 && s.taken >= s.max:
		return RefusedFull, false
	case s.maxPerIP > 0 && s.perIP[key] >= s.maxPerIP:
		return RefusedIP, false
	}
	s.taken++
	if s.maxPerIP > 0 {
		s.perIP[key]++
	}
	return 0, true
}

// free gives a slot back.
func (s *slots) free(ip netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	if s.maxPerIP > 0 {
		s.freeIP(slotKey(ip))
	}
	s.signalDrained()
}

func (s *slots) freeIP(key netip.Addr) {
	if s.perIP[key]--; s.perIP[key] <= 0 {
		delete(s.perIP, key)
	}
}

// signalDrained notices that a drain is complete. The lock is held.
func (s *slots) signalDrained() {
	if !s.draining || s.taken > 0 {
		return
	}
	select {
	case <-s.drained:
	default:
		close(s.drained)
	}
}

// add adds an upgraded socket to the open ones.
func (s *slots) add(c *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.next = s.first
	if s.first != nil {
		s.first.prev = c
	}
	s.first = c
	if s.closing {
		c.Close()
	}
}

// remove takes a socket out again and gives its slot back.
func (s *slots) remove(c *socket) {
	s.mu.Lock()
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		s.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	}
	c.next, c.prev = nil, nil
	s.mu.Unlock()
	s.free(c.ip)
}

func (s *slots) open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}

func (s *slots) isDraining() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.draining
}

func (s *slots) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.draining = true
	s.signalDrained()
}

// closeAll closes every socket that is open, and those that come of upgrades under way.
func (s *slots) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for c := s.first; c != nil; c = c.next {
		c.Close()
	}
}
