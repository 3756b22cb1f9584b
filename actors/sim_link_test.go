package actors

import (
	"context"
	"time"

	"chatnode/actors/wire"
)

// simLink is one node's three connections.
type simLink struct {
	redis *simRedis
	node  string
	sim   *sim
	sink  func(Event)
	subs  map[string]bool
	queue []Event // published, not yet delivered
	noPub bool    // the writing connection fails
	noSub bool    // nothing is delivered, and nobody says so
	noGet bool    // the data connection fails
	late  bool    // appends are stored, and then fail
	lossy bool    // some deliveries are lost
}

func (l *simLink) ports(journal Journal) Ports {
	return Ports{Appender: l, Subscriber: (*simSub)(l), Reader: l, Presence: l, Registry: l, Journal: journal}
}

func (l *simLink) Append(_ context.Context, batch []Write) ([]Receipt, error) {
	if l.redis.down || l.noPub {
		return nil, errFake
	}
	receipts := make([]Receipt, len(batch))
	stop := len(batch)
	if l.late {
		stop = l.sim.rng.IntN(len(batch) + 1)
	}
	for i, w := range batch[:stop] {
		var d *Delivered
		receipts[i], d = l.redis.append(w)
		l.sim.note("%s appends %s again %v tried %v floor %v: %+v", l.node, w.ID, w.Again, w.Tried, w.Floor, receipts[i])
		if d != nil {
			l.redis.publish(w.Room, *d, nil)
		}
	}
	if l.late {
		return nil, errFake
	}
	return receipts, nil
}

func (l *simLink) Signal(_ context.Context, batch []Signal) error {
	if l.redis.down || l.noPub {
		return errFake
	}
	for _, s := range batch {
		to := l
		if s.Probe == nil {
			to = nil
		}
		l.redis.publish(s.Room, s, to)
	}
	return nil
}

func (l *simLink) Close() error { return nil }

func (l *simLink) Range(_ context.Context, q Query) (Page, error) {
	if l.redis.down || l.noGet {
		return Page{}, errFake
	}
	m := l.redis.room(q.Room)
	p := pageOf(m.epoch, m.log, q)
	if p.Seq = m.seq; len(m.log) > 0 {
		p.First = m.log[0].Seq
	}
	return p, nil
}

func (l *simLink) Beat(context.Context, int) (Cluster, error) {
	if l.redis.down || l.noGet {
		return Cluster{}, errFake
	}
	return Cluster{}, nil
}

func (l *simLink) Remove(context.Context) error { return nil }

func (l *simLink) Apply(_ context.Context, changes []PresenceChange) ([]wire.Counts, error) {
	if l.redis.down || l.noGet {
		return nil, errFake
	}
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		users := l.redis.present[c.Room]
		if users == nil {
			users = map[simUser]time.Time{}
			l.redis.present[c.Room] = users
		}
		for _, p := range c.Gone {
			delete(users, simUser{c.Room, p.UserID, p.Role, l.node})
		}
		for _, p := range c.Here {
			users[simUser{c.Room, p.UserID, p.Role, l.node}] = time.Now()
		}
		counts[i] = l.redis.count(c.Room)
		if c.Notify {
			l.redis.publish(c.Room, Signal{Room: c.Room, Presence: &counts[i]}, nil)
		}
	}
	return counts, nil
}

func (l *simLink) Roster(context.Context, string, string, int) ([]wire.User, string, error) {
	return nil, "", errFake
}

// simSub is the link's hearing side.
type simSub simLink

func (s *simSub) Open(_ context.Context, sink func(Event)) error {
	if s.redis.down || s.noSub {
		return errFake
	}
	s.sink, s.subs, s.queue = sink, map[string]bool{}, nil
	return nil
}

func (s *simSub) Subscribe(_ context.Context, rooms ...string) error {
	if s.redis.down || s.noSub || s.sink == nil {
		return errFake
	}
	for _, r := range rooms {
		s.subs[r] = true
	}
	return nil
}

func (s *simSub) Unsubscribe(_ context.Context, rooms ...string) error {
	for _, r := range rooms {
		delete(s.subs, r)
	}
	return nil
}

func (s *simSub) Close() error {
	s.sink, s.subs, s.queue = nil, nil, nil
	return nil
}

// breakSub ends the hearing side, and says so.
func (l *simLink) breakSub() {
	if sink := l.sink; sink != nil {
		l.sink, l.subs, l.queue = nil, nil, nil
		sink(Broken{errFake})
	}
}

// deliver hands over the oldest event, or loses it.
func (l *simLink) deliver() {
	ev := l.queue[0]
	l.queue = l.queue[1:]
	if _, signal := ev.(Signal); l.lossy && !signal && l.sim.rng.IntN(3) == 0 {
		return
	}
	l.sink(ev)
}
