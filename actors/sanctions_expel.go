package actors

import "slices"

// expulsion is an order to close every connection of a user, on every node. It is answered when this node
// has heard it on the bus, which proves that it was published.
type expulsion struct {
	control Control
	done    chan<- error // buffered
}

// expel publishes the order. What cannot be published is carried out here at least.
func (s *sanctions) expel(x *expulsion) {
	if s.core.link.degraded() {
		s.expelHere(x)
		return
	}
	if err := s.core.out.Tell(Signal{Control: &x.control}); err != nil {
		x.done <- err
		return
	}
	s.orders = append(s.orders, x)
	s.self.After(s.core.set.LinkTimeout, orderUnheard{x})
}

// heard answers every order that asked for this.
func (s *sanctions) heard(c Control) {
	s.orders = slices.DeleteFunc(s.orders, func(x *expulsion) bool {
		if x.control != c {
			return false
		}
		x.done <- nil
		return true
	})
}

// unheard is the end of the patience with the bus.
func (s *sanctions) unheard(x *expulsion) {
	if at := slices.Index(s.orders, x); at >= 0 {
		s.orders = slices.Delete(s.orders, at, at+1)
		s.expelHere(x)
	}
}

func (s *sanctions) expelHere(x *expulsion) {
	s.core.clients.Post(x.control)
	x.done <- ErrDegraded
}
