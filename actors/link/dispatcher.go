package link

import (
	"chatnode/actors/chat"
	"chatnode/actors/process"
)

// Dispatcher hears the bus and passes what it hears to the rooms, on its own goroutine where they are idle: what a
// room does is short. It waits for a room that has too much to do: that holds the bus back, and nothing is dropped.
type Dispatcher struct {
	Core   *Deps
	Routes map[string]*process.Process
}

// Receive implements Actor.
func (b *Dispatcher) Receive(_ *process.Process, msg any) {
	switch m := msg.(type) {
	case *chat.Delivered:
		b.pass(m.Room, m)
	case chat.Signal:
		b.signal(m)
	case ToRoom:
		if p := b.Routes[m.Room]; p != nil {
			p.Post(m.Msg)
		}
	case addRoute:
		b.Routes[m.room] = m.process
	case removeRoute:
		if b.Routes[m.room] == m.process {
			delete(b.Routes, m.room)
		}
	}
}

// ToRoom is a message for a room, if it is on this node, behind what the bus has brought for it before.
type ToRoom struct {
	Room string
	Msg  any
}

func (b *Dispatcher) signal(m chat.Signal) {
	switch {
	case m.Control != nil:
		b.Core.Sanctions.Post(m.Control)
		return
	case m.NamesRequest != nil, m.NamesReply != nil:
		_ = b.Core.Presence.TryPost(m) // too busy: the asker goes without
		return
	case m.Presence != nil:
		b.Core.Presence.Post(m)
	}
	b.pass(m.Room, m)
}

func (b *Dispatcher) pass(room string, msg any) {
	b.Core.Bus.Received.Add(1)
	p := b.Routes[room]
	if p == nil || p.Inline().WaitPost(msg) != nil {
		b.Core.Bus.Unrouted.Add(1)
	}
}
