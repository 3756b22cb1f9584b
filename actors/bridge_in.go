package actors

import "time"

// bridgeIn hears the bus and passes what it hears to the rooms, on its own goroutine where they are idle: what a
// room does is short. It waits for a room that has too much to do: that holds the bus back, and nothing is dropped.
type bridgeIn struct {
	core   *Core
	routes map[string]*Process
}

const inBound = 8192

// hear is the subscriber's sink. It blocks while bridge_in is busy.
func (c *Core) hear(ev Event) {
	c.lastHeard.Store(int64(time.Since(c.began)))
	switch m := ev.(type) {
	case Broken:
		c.bridge.Post(m)
		return
	case Signal:
		if m.Probe != nil {
			c.bridge.Post(*m.Probe)
			return
		}
	}
	_ = c.in.WaitHere(ev) // stopped: the node is going down
}

// Receive implements Actor.
func (b *bridgeIn) Receive(_ *Process, msg any) {
	switch m := msg.(type) {
	case *Delivered:
		b.pass(m.Room, m)
	case Signal:
		b.signal(m)
	case *evident:
		if p := b.routes[m.write.Room]; p != nil {
			p.Post(m)
		}
	case route:
		b.routes[m.room] = m.process
	case unroute:
		if b.routes[m.room] == m.process {
			delete(b.routes, m.room)
		}
	}
}

func (b *bridgeIn) signal(m Signal) {
	if m.Control != nil {
		b.core.control(m.Control)
		return
	}
	switch {
	case m.Who != nil:
		_ = b.core.presence.Tell(namesWanted{m.Room, m.Who}) // too busy to tell: the asker goes without
		return
	case m.Names != nil:
		_ = b.core.presence.Tell(namesTold{m.Names})
		return
	case m.Presence != nil:
		b.core.presence.Post(heard{m.Room, *m.Presence})
	}
	b.pass(m.Room, m)
}

func (b *bridgeIn) pass(room string, msg any) {
	b.core.stats.Bus.Received.Add(1)
	p := b.routes[room]
	if p == nil || p.WaitHere(msg) != nil {
		b.core.stats.Bus.Unrouted.Add(1)
	}
}
