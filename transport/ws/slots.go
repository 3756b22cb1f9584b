package ws

import (
	"net/netip"
	"sync"
)

// slots counts the connections for the limits, and lists the open ones. A slot is taken before the upgrade and freed
// after the file descriptor is closed, so that the limits apply to descriptors, too.
type slots struct {
	drained chan struct{} // closed if draining and used is 0

	mu        sync.Mutex
	limit     int
	maxPerIP  int
	used      int
	usedPerIP map[netip.Addr]int // used only if maxPerIP is set
	first     *socket            // open sockets: a list through socket.next and socket.prev
	draining  bool
	closing   bool
}

func newSlots(limit, maxPerIP int) *slots {
	return &slots{limit: limit, maxPerIP: maxPerIP, usedPerIP: map[netip.Addr]int{}, drained: make(chan struct{})}
}

// take takes a slot for an address, or returns the reason for rejecting it.
func (s *slots) take(ip netip.Addr) (reason Refusal, ok bool) {
	key := slotKey(ip)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.draining:
		return RefusedShutdown, false
	case s.limit > 0 && s.used >= s.limit:
		return RefusedFull, false
	case s.maxPerIP > 0 && s.usedPerIP[key] >= s.maxPerIP:
		return RefusedIP, false
	}
	s.used++
	if s.maxPerIP > 0 {
		s.usedPerIP[key]++
	}
	return 0, true
}

// free frees a slot.
func (s *slots) free(ip netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used--
	if s.maxPerIP > 0 {
		s.freeIP(slotKey(ip))
	}
	s.signalDrained()
}

func (s *slots) freeIP(key netip.Addr) {
	if s.usedPerIP[key]--; s.usedPerIP[key] <= 0 {
		delete(s.usedPerIP, key)
	}
}

// signalDrained closes drained if the drain is complete. The caller holds mu.
func (s *slots) signalDrained() {
	if !s.draining || s.used > 0 {
		return
	}
	select {
	case <-s.drained:
	default:
		close(s.drained)
	}
}

// add adds an upgraded socket to the list.
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

// remove removes a socket from the list and frees its slot.
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
	return s.used
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

// closeAll closes all open sockets, and those of running upgrades.
func (s *slots) closeAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for c := s.first; c != nil; c = c.next {
		c.Close()
	}
}
