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

// nodeLink is the three connections of a node to Redis, from one start of the node to its crash.
type nodeLink struct {
	redis    *redisModel
	node     string
	sim      *sim
	alive    bool
	sink     func(chat.Event)
	subs     map[string]bool
	queue    []chat.Event             // published but not yet delivered
	openedAt map[string]wire.Position // ends of the logs when the subscriber was opened last
	linkFaults
	delayed []delayedBatch // batches whose append failed, and that Redis may store later
}

// delayedBatch is a batch whose append failed at the given time.
type delayedBatch struct {
	batch []chat.Write
	at    time.Time
}

// linkFaults are the active faults of a link.
type linkFaults struct {
	noPub      bool // the publishing connection fails
	noSub      bool // nothing is delivered, and no error is reported
	noGet      bool // the data connection fails
	noRange    bool // every second read of the log fails
	replyLost  bool // appends are stored, and then fail
	storedLate bool // appends fail, and are stored later unless they are too late
	lossy      bool // some deliveries are lost
	reordered  bool // some deliveries are reordered, and some are duplicated
}

func (w linkFaults) String() string {
	var list []string
	for _, x := range []struct {
		name string
		on   bool
	}{{"pub", w.noPub}, {"sub", w.noSub}, {"get", w.noGet}, {"range", w.noRange}, {"late", w.replyLost}, {"belated", w.storedLate}, {"lossy", w.lossy}, {"mixed", w.reordered}} {
		if x.on {
			list = append(list, x.name)
		}
	}
	return strings.Join(list, " ")
}

func (l *nodeLink) ports(journal chat.Journal) actors.Ports {
	return actors.Ports{Appender: l, Subscriber: (*linkSubscriber)(l), Reader: l, Presence: l, Registry: l, Journal: journal}
}

func (l *nodeLink) Append(_ context.Context, batch []chat.Write) ([]chat.Receipt, error) {
	if l.redis.down || l.noPub {
		return nil, actorstest.ErrFake
	}
	if l.storedLate {
		l.delayed = append(l.delayed, delayedBatch{slices.Clone(batch), time.Now()})
		return nil, actorstest.ErrFake
	}
	receipts := make([]chat.Receipt, len(batch))
	stop := len(batch)
	if l.replyLost {
		stop = l.sim.rng.IntN(len(batch) + 1)
	}
	for i, w := range batch[:stop] {
		receipts[i] = l.store(w)
	}
	if l.replyLost {
		return nil, actorstest.ErrFake
	}
	return receipts, nil
}

func (l *nodeLink) FlushDeliveries() {}

func (l *nodeLink) store(w chat.Write) chat.Receipt {
	r, d := l.redis.append(w, l)
	l.sim.tracef("%s appends %s %q again %v tried %v floor %v: %+v", l.node, w.ID, l.redis.describe(&w), w.Again, w.Tried, w.Floor, r)
	if d != nil {
		l.redis.publish(w.Room, d, nil)
	}
	return r
}

// storeDelayed stores the oldest failed batch in Redis. A batch older than a quarter of the idempotency window is not
// stored, as chat.Appender requires.
func (l *nodeLink) storeDelayed() {
	given := l.delayed[0]
	l.delayed = l.delayed[1:]
	if age := time.Since(given.at); age > actorstest.Settings().IdempotencyWindow/4 {
		l.sim.tracef("%s is late by %v with %d writes, which are not stored", l.node, age, len(given.batch))
		return
	}
	was := l.storedLate
	l.storedLate = true // store must not add this link to the knowers
	for _, w := range given.batch {
		l.store(w)
	}
	l.storedLate = was
}

func (l *nodeLink) PublishSignals(_ context.Context, batch []chat.Signal) error {
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

func (l *nodeLink) Close() error { return nil }

func (l *nodeLink) Range(_ context.Context, q chat.Query) (chat.Page, error) {
	if l.redis.down || l.noGet || l.noRange && l.sim.rng.IntN(2) == 0 {
		return chat.Page{}, actorstest.ErrFake
	}
	return l.redis.room(q.Room).page(q, l.redis.reportsMissing), nil
}

func (l *nodeLink) Heartbeat(context.Context, int) (chat.Cluster, error) {
	if l.redis.down || l.noGet {
		return chat.Cluster{}, actorstest.ErrFake
	}
	return chat.Cluster{}, nil
}

func (l *nodeLink) Deregister(context.Context) error { return nil }

func (l *nodeLink) Apply(_ context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	if l.redis.down || l.noGet {
		return nil, actorstest.ErrFake
	}
	// The caller iterates over a map, but the order must depend on the seed alone.
	slices.SortFunc(changes, func(a, b chat.PresenceChange) int { return strings.Compare(a.Room, b.Room) })
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		users := l.redis.presence[c.Room]
		if users == nil {
			users = map[presenceKey]time.Time{}
			l.redis.presence[c.Room] = users
		}
		for _, p := range c.Left {
			delete(users, presenceKey{c.Room, p.UserID, p.Role, l.node})
		}
		for _, p := range c.Present {
			users[presenceKey{c.Room, p.UserID, p.Role, l.node}] = time.Now()
		}
		counts[i] = l.redis.presenceCounts(c.Room)
		if c.Notify {
			l.redis.publish(c.Room, chat.Signal{Room: c.Room, Presence: &counts[i]}, nil)
		}
	}
	return counts, nil
}

func (l *nodeLink) Roster(context.Context, string, string, int) ([]wire.User, string, error) {
	return nil, "", actorstest.ErrFake
}

// linkSubscriber is the subscriber of a nodeLink.
type linkSubscriber nodeLink

func (s *linkSubscriber) Open(_ context.Context, sink func(chat.Event)) error {
	if s.redis.down || s.noSub {
		return actorstest.ErrFake
	}
	s.sink, s.subs, s.queue, s.openedAt = sink, map[string]bool{}, nil, map[string]wire.Position{}
	for name, m := range s.redis.rooms {
		s.openedAt[name] = wire.Position{Epoch: m.epoch, Seq: m.seq}
	}
	return nil
}

func (s *linkSubscriber) Subscribe(_ context.Context, rooms ...string) error {
	if s.redis.down || s.noSub || s.sink == nil {
		return actorstest.ErrFake
	}
	for _, r := range rooms {
		s.subs[r] = true
	}
	return nil
}

func (s *linkSubscriber) Unsubscribe(_ context.Context, rooms ...string) error {
	for _, r := range rooms {
		delete(s.subs, r)
	}
	return nil
}

func (s *linkSubscriber) Close() error {
	s.sink, s.subs, s.queue = nil, nil, nil
	return nil
}

// breakSub disconnects the subscriber and reports it to the node.
func (l *nodeLink) breakSub() {
	if sink := l.sink; sink != nil {
		l.sink, l.subs, l.queue = nil, nil, nil
		sink(chat.Disconnected{Err: actorstest.ErrFake})
	}
}

// deliver delivers the oldest event or the one after it, or loses it.
func (l *nodeLink) deliver() {
	i := 0
	if l.reordered && len(l.queue) > 1 {
		i = l.sim.rng.IntN(2)
	}
	ev := l.queue[i]
	if _, signal := ev.(chat.Signal); signal {
		l.queue = slices.Delete(l.queue, i, i+1)
	} else if !l.reordered || l.sim.rng.IntN(4) > 0 { // otherwise it is delivered again
		l.queue = slices.Delete(l.queue, i, i+1)
		if l.lossy && l.sim.rng.IntN(3) == 0 {
			return
		}
	}
	l.sink(ev)
}
