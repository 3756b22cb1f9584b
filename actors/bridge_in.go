package actors

// bridgeIn hears the bus and passes what it hears to the rooms, on its own goroutine where they are idle: what a
// room does is short. It waits for a room that has too much to do: that holds the bus back, and nothing is dropped.
type bridgeIn struct {
	core   *linkDeps
	routes map[string]*Process
}

const inBound = 8192

// Receive implements Actor.
func (b *bridgeIn) Receive(_ *Process, msg any) {
	switch m := msg.(type) {
	case *Delivered:
		b.pass(m.Room, m)
	case Signal:
		b.signal(m)
	case toRoom:
		if p := b.routes[m.room]; p != nil {
			p.Post(m.msg)
		}
	case route:
		b.routes[m.room] = m.process
	case unroute:
		if b.routes[m.room] == m.process {
			delete(b.routes, m.room)
		}
	}
}

// toRoom is a message for a room, if it is on this node, behind what the bus has brought for it before.
type toRoom struct {
	room string
	msg  any
}

func (b *bridgeIn) signal(m Signal) {
	switch {
	case m.Control != nil:
		b.core.sanctions.Post(m.Control)
		return
	case m.Who != nil, m.Names != nil:
		_ = b.core.presence.Tell(m) // too busy: the asker goes without
		return
	case m.Presence != nil:
		b.core.presence.Post(m)
	}
	b.pass(m.Room, m)
}

func (b *bridgeIn) pass(room string, msg any) {
	b.core.bus.Received.Add(1)
	p := b.routes[room]
	if p == nil || p.WaitHere(msg) != nil {
		b.core.bus.Unrouted.Add(1)
	}
}
