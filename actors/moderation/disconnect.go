package moderation

import (
	"slices"

	"chatnode/actors/chat"
)

// expulsion is an order to close every connection of a user, on every node. It is answered when this node
// has heard it on the bus, which proves that it was published.
type expulsion struct {
	control chat.Control
	done    chan<- error // buffered
}

// expel publishes the order. What cannot be published is carried out here at least.
func (s *Sanctions) expel(x *expulsion) {
	if s.Core.Link.Degraded() {
		s.expelHere(x)
		return
	}
	if err := s.Core.Out.Tell(chat.Signal{Control: &x.control}); err != nil {
		x.done <- err
		return
	}
	s.orders = append(s.orders, x)
	s.self.After(s.Core.Set.LinkTimeout, orderUnheard{x})
}

// heard answers every order that asked for this.
func (s *Sanctions) heard(c chat.Control) {
	s.orders = slices.DeleteFunc(s.orders, func(x *expulsion) bool {
		if x.control != c {
			return false
		}
		x.done <- nil
		return true
	})
}

// unheard is the end of the patience with the bus.
func (s *Sanctions) unheard(x *expulsion) {
	if at := slices.Index(s.orders, x); at >= 0 {
		s.orders = slices.Delete(s.orders, at, at+1)
		s.expelHere(x)
	}
}

func (s *Sanctions) expelHere(x *expulsion) {
	s.Core.Clients.Post(x.control)
	x.done <- chat.ErrDegraded
}
