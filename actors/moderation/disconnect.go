package moderation

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// disconnectRequest is an order to close every connection of a user, on every node. It is answered when this node
// has heard it on the bus, which proves that it was published.
type disconnectRequest struct {
	control chat.Control
	done    chan<- process.Answer[struct{}]
}

// onDisconnectRequest publishes the order. What cannot be published is carried out here at least.
func (s *Sanctions) onDisconnectRequest(x *disconnectRequest) {
	if s.Core.Link.Degraded() {
		s.disconnectLocal(x)
		return
	}
	if err := s.Core.Out.TryPost(chat.Signal{Control: &x.control}); err != nil {
		x.done <- process.Answer[struct{}]{Err: err}
		return
	}
	s.orders = append(s.orders, x)
	s.self.PostAfter(s.Core.Set.LinkTimeout, disconnectTimeoutTick{x})
}

// onDisconnectSeen answers every order that asked for this.
func (s *Sanctions) onDisconnectSeen(c chat.Control) {
	s.orders = slices.DeleteFunc(s.orders, func(x *disconnectRequest) bool {
		if x.control != c {
			return false
		}
		x.done <- process.Answer[struct{}]{}
		return true
	})
}

// onDisconnectTimeout is the end of the patience with the bus.
func (s *Sanctions) onDisconnectTimeout(x *disconnectRequest) {
	if at := slices.Index(s.orders, x); at >= 0 {
		s.orders = slices.Delete(s.orders, at, at+1)
		s.disconnectLocal(x)
	}
}

func (s *Sanctions) disconnectLocal(x *disconnectRequest) {
	s.Core.Clients.Post(x.control)
	x.done <- process.Answer[struct{}]{Err: chat.ErrDegraded}
}
