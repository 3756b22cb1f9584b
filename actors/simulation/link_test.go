package simulation

import (
	"context"
	"slices"
	"strings"
	"time"

	"chatnode/actors"
	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// simLink is one node's three connections, in one life of the node.
type simLink struct {
	redis *simRedis
	node  string
	sim   *sim
	alive bool
	sink  func(chat.Event)
	subs  map[string]bool
	queue []chat.Event             // published, not yet delivered
	from  map[string]wire.Position // where the logs stood when the subscriber was opened last
	simWeather
	unsent []simUnsent // what the node has given up, and Redis takes after all
}

// simUnsent is a batch that was given up, and when.
type simUnsent struct {
	batch []chat.Write
	at    time.Time
}

// simWeather is what a link suffers.
type simWeather struct {
	noPub   bool // the writing connection fails
	noSub   bool // nothing is delivered, and nobody says so
	noGet   bool // the data connection fails
	noRange bool // it is too slow for the log: every other read of it fails
	late    bool // appends are stored, and then fail
	belated bool // appends fail, and are stored later, if they come in time
	lossy   bool // some deliveries are lost
	mixed   bool // some overtake others, and some come twice
}

func (w simWeather) String() string {
	var list []string
	for _, x := range []struct {
		name string
		on   bool
	}{{"pub", w.noPub}, {"sub", w.noSub}, {"get", w.noGet}, {"range", w.noRange}, {"late", w.late}, {"belated", w.belated}, {"lossy", w.lossy}, {"mixed", w.mixed}} {
		if x.on {
			list = append(list, x.name)
		}
	}
	return strings.Join(list, " ")
}

func (l *simLink) ports(journal chat.Journal) actors.Ports {
	return actors.Ports{Appender: l, Subscriber: (*simSub)(l), Reader: l, Presence: l, Registry: l, Journal: journal}
}

func (l *simLink) Append(_ context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	if l.redis.down || l.noPub {
		return nil, actorstest.ErrFake
	}
	if l.belated {
		l.unsent = append(l.unsent, simUnsent{slices.Clone(batch), time.Now()})
		return nil, actorstest.ErrFake
	}
	receipts := make([]chat.Receipt, len(batch))
	stop := len(batch)
	if l.late {
		stop = l.sim.rng.IntN(len(batch) + 1)
	}
	for i, w := range batch[:stop] {
		receipts[i] = l.store(w)
	}
	if l.late {
		return nil, actorstest.ErrFake
	}
	return receipts, nil
}

func (l *simLink) FlushDeliveries() {}

func (l *simLink) store(w chat.Write) chat.Receipt {
	r, d := l.redis.append(w, l)
	l.sim.note("%s appends %s %q again %v tried %v floor %v: %+v", l.node, w.ID, l.redis.words(&w), w.Again, w.Tried, w.Floor, r)
	if d != nil {
		l.redis.publish(w.Room, d, nil)
	}
	return r
}

// arrive lets Redis take what was given up longest ago. What comes later than a quarter of the window
// is not stored, as the port promises.
func (l *simLink) arrive() {
	given := l.unsent[0]
	l.unsent = l.unsent[1:]
	if age := time.Since(given.at); age > actorstest.TestSettings().IdempotencyWindow/4 {
		l.sim.note("%s is late by %v with %d writes, which are not stored", l.node, age, len(given.batch))
		return
	}
	was := l.belated
	l.belated = true // nobody is told
	for _, w := range given.batch {
		l.store(w)
	}
	l.belated = was
}

func (l *simLink) PublishSignals(_ context.Context, batch []chat.Signal) error {
	if l.redis.down || l.noPub {
		return actorstest.ErrFake
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

func (l *simLink) Range(_ context.Context, q chat.Query) (chat.Page, error) {
	if l.redis.down || l.noGet || l.noRange && l.sim.rng.IntN(2) == 0 {
		return chat.Page{}, actorstest.ErrFake
	}
	return l.redis.room(q.Room).page(q, l.redis.tells), nil
}

func (l *simLink) Heartbeat(context.Context, int) (chat.Cluster, error) {
	if l.redis.down || l.noGet {
		return chat.Cluster{}, actorstest.ErrFake
	}
	return chat.Cluster{}, nil
}

func (l *simLink) Deregister(context.Context) error { return nil }

func (l *simLink) Apply(_ context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	if l.redis.down || l.noGet {
		return nil, actorstest.ErrFake
	}
	slices.SortFunc(changes, func(a, b chat.PresenceChange) int { return strings.Compare(a.Room, b.Room) }) // they come in the order of a map
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		users := l.redis.present[c.Room]
		if users == nil {
			users = map[simUser]time.Time{}
			l.redis.present[c.Room] = users
		}
		for _, p := range c.Left {
			delete(users, simUser{c.Room, p.UserID, p.Role, l.node})
		}
		for _, p := range c.Present {
			users[simUser{c.Room, p.UserID, p.Role, l.node}] = time.Now()
		}
		counts[i] = l.redis.count(c.Room)
		if c.Notify {
			l.redis.publish(c.Room, chat.Signal{Room: c.Room, Presence: &counts[i]}, nil)
		}
	}
	return counts, nil
}

func (l *simLink) Roster(context.Context, string, string, int) ([]wire.User, string, error) {
	return nil, "", actorstest.ErrFake
}

// simSub is the link's hearing side.
type simSub simLink

func (s *simSub) Open(_ context.Context, sink func(chat.Event)) error {
	if s.redis.down || s.noSub {
		return actorstest.ErrFake
	}
	s.sink, s.subs, s.queue, s.from = sink, map[string]bool{}, nil, map[string]wire.Position{}
	for name, m := range s.redis.rooms {
		s.from[name] = wire.Position{Epoch: m.epoch, Seq: m.seq}
	}
	return nil
}

func (s *simSub) Subscribe(_ context.Context, rooms ...string) error {
	if s.redis.down || s.noSub || s.sink == nil {
		return actorstest.ErrFake
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
		sink(chat.Disconnected{Err: actorstest.ErrFake})
	}
}

// deliver hands over the oldest event, or the one behind it, or loses it.
func (l *simLink) deliver() {
	i := 0
	if l.mixed && len(l.queue) > 1 {
		i = l.sim.rng.IntN(2)
	}
	ev := l.queue[i]
	if _, signal := ev.(chat.Signal); signal {
		l.queue = slices.Delete(l.queue, i, i+1)
	} else if !l.mixed || l.sim.rng.IntN(4) > 0 { // else it comes again
		l.queue = slices.Delete(l.queue, i, i+1)
		if l.lossy && l.sim.rng.IntN(3) == 0 {
			return
		}
	}
	l.sink(ev)
}
