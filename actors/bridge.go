package actors

import (
	"context"
)

// bridge is the link to the other nodes: it opens the subscriber, keeps the subscriptions that the
// rooms ask for, and opens it again, with backoff, when it breaks. Every new subscription is a
// possible gap, so the rooms are told, and read the log.
type bridge struct {
	core  *Core
	self  *Process
	sub   Subscriber
	up    bool
	tries int
	rooms map[string]*Process
}

const bridgeBound = 16384

// redial is the tick to open the subscriber once more.
type redial struct{}

// Receive implements Actor.
func (b *bridge) Receive(self *Process, msg any) {
	switch msg.(type) {
	case Started:
		b.self = self
		b.open()
	case Stopped:
		b.close()
	}
}

// ReceiveBatch implements BatchActor: the subscriptions of one turn travel together.
func (b *bridge) ReceiveBatch(_ *Process, msgs []any) {
	var names []string
	for _, msg := range msgs {
		switch m := msg.(type) {
		case watch:
			b.rooms[m.room] = m.process
			b.core.in.Post(route(m))
			names = append(names, m.room)
		case unwatch:
			b.unwatch(m)
		case redial:
			b.open()
		case Broken:
			b.broken(m.Err)
		}
	}
	if len(names) > 0 && b.up {
		b.subscribe(names)
	}
}

func (b *bridge) context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), b.core.set.LinkTimeout)
}

// open connects the subscriber and subscribes to what the rooms have asked for so far.
func (b *bridge) open() {
	if b.up {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.sub.Open(ctx, b.core.hear); err != nil {
		b.broken(err)
		return
	}
	b.up, b.tries = true, 0
	names := make([]string, 0, len(b.rooms))
	for name := range b.rooms {
		names = append(names, name)
	}
	b.subscribe(names)
}

func (b *bridge) subscribe(names []string) {
	if len(names) == 0 {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	err := b.sub.Subscribe(ctx, names...)
	for _, name := range names {
		if p := b.rooms[name]; p != nil {
			p.Post(watching{err})
		}
	}
	if err != nil {
		b.broken(err)
	}
}

func (b *bridge) unwatch(m unwatch) {
	b.core.in.Post(unroute(m))
	if b.rooms[m.room] != m.process {
		return
	}
	delete(b.rooms, m.room)
	if !b.up {
		return
	}
	ctx, cancel := b.context()
	defer cancel()
	if err := b.sub.Unsubscribe(ctx, m.room); err != nil {
		b.broken(err)
	}
}

func (b *bridge) broken(err error) {
	b.core.sys.Log.Warn().Err(err).Msg("subscriber link is broken")
	b.close()
	b.tries++
	b.self.After(Backoff(b.tries), redial{})
}

func (b *bridge) close() {
	b.up = false
	if err := b.sub.Close(); err != nil {
		b.core.sys.Log.Debug().Err(err).Msg("subscriber did not close cleanly")
	}
}
