package link

import (
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Dispatcher forwards the events of the bus to their rooms. It runs an idle room on its own goroutine, because a room
// handles an event in a few microseconds. If the mailbox of a room is full, the dispatcher blocks, and with it the
// subscriber. No event is dropped.
type Dispatcher struct {
	deps   *Deps
	routes map[string]*process.Process // rooms by name
}

// NewDispatcher returns the actor of kind DispatcherKind.
func NewDispatcher(deps *Deps) *Dispatcher {
	return &Dispatcher{deps: deps, routes: map[string]*process.Process{}}
}

// Receive implements process.Actor.
func (d *Dispatcher) Receive(self *process.Process, msg any) {
	switch m := msg.(type) {
	case *chat.Delivered:
		d.forward(m.Room, m)
	case chat.Signal:
		d.onSignal(m)
	case *ForwardToRoom:
		d.onForwardToRoom(m)
	case *addRoute:
		d.routes[m.room] = m.process
	case *removeRoute:
		d.onRemoveRoute(m)
	default:
		self.Unknown(msg)
	}
}

// onSignal forwards a signal to the actor that handles it. Presence counts go to the presence tracker and to the room.
func (d *Dispatcher) onSignal(m chat.Signal) {
	switch {
	case m.Control != nil:
		d.deps.Moderation.Post(m.Control)
		return
	case m.NamesRequest != nil, m.NamesReply != nil:
		_ = d.deps.Presence.TryPost(m) // overloaded: the requester shows users without names
		return
	case m.Presence != nil:
		d.deps.Presence.Post(m)
	}
	d.forward(m.Room, m)
}

func (d *Dispatcher) onForwardToRoom(m *ForwardToRoom) {
	if p := d.routes[m.Room]; p != nil {
		p.Post(m.Msg)
	}
}

func (d *Dispatcher) onRemoveRoute(m *removeRoute) {
	if d.routes[m.room] == m.process {
		delete(d.routes, m.room)
	}
}

// forward sends an event to its room, and blocks while the mailbox of the room is full.
func (d *Dispatcher) forward(room string, msg any) {
	d.deps.Bus.Received.Add(1)
	p := d.routes[room]
	if p == nil || p.Inline().WaitPost(msg) != nil {
		d.deps.Bus.Unrouted.Add(1)
	}
}
