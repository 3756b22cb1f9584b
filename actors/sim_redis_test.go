package actors

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"chatnode/actors/wire"
)

// simRedis is a model of Redis for many nodes: per room a log with idempotency and floors, pub/sub by a
// queue for each node, presence by node with leases. Everything runs on the simulation's one goroutine.
type simRedis struct {
	epochs  int
	rooms   map[string]*simRoom
	backup  map[string]*simRoom // what a lagging replica has
	present map[string]map[simUser]time.Time
	links   []*simLink
	down    bool
	again   map[string]bool // ids of the entries that were lost and appended again
}

type simRoom struct {
	epoch string
	seq   uint64
	log   []Entry
	keys  map[string]Receipt
}

type simUser struct{ room, user, role, node string }

func newSimRedis() *simRedis {
	return &simRedis{rooms: map[string]*simRoom{}, present: map[string]map[simUser]time.Time{}, again: map[string]bool{}}
}

func (r *simRedis) room(name string) *simRoom {
	m := r.rooms[name]
	if m == nil {
		r.epochs++
		m = &simRoom{epoch: fmt.Sprint("epoch", r.epochs), keys: map[string]Receipt{}}
		r.rooms[name] = m
	}
	return m
}

func (m *simRoom) holds(seq uint64) bool {
	return slices.ContainsFunc(m.log, func(e Entry) bool { return e.Seq == seq })
}

func (m *simRoom) clone() *simRoom {
	return &simRoom{m.epoch, m.seq, slices.Clone(m.log), maps.Clone(m.keys)}
}

// snapshot is the replica having caught up; failover promotes it, with what it has.
func (r *simRedis) snapshot() {
	r.backup = map[string]*simRoom{}
	for name, m := range r.rooms {
		r.backup[name] = m.clone()
	}
}

func (r *simRedis) failover() {
	r.rooms = map[string]*simRoom{}
	for name, m := range r.backup {
		r.rooms[name] = m.clone()
	}
	r.cutAll()
}

func (r *simRedis) flush() {
	r.rooms = map[string]*simRoom{}
	clear(r.present)
}

// cutAll breaks every connection, as a restart does.
func (r *simRedis) cutAll() {
	for _, l := range r.links {
		l.breakSub()
	}
}

func (r *simRedis) append(w Write) (Receipt, *Delivered) {
	m := r.room(w.Room)
	if got, ok := m.keys[w.Key]; ok && (!w.Again || m.holds(got.Seq)) {
		got.Duplicate = true
		return got, nil
	}
	if w.Tried {
		for _, e := range m.log {
			if e.ID == w.ID {
				return Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, Duplicate: true}, nil
			}
		}
	}
	if w.Floor.Epoch == m.epoch {
		m.seq = max(m.seq, w.Floor.Seq)
	}
	m.seq++
	e := Entry{Seq: m.seq, Kind: KindMessage, ID: w.ID, Message: wire.Message{ID: w.ID, UserID: w.Author.ID, Text: w.Text, At: time.Now().UnixMilli()}}
	m.log = append(m.log, e)
	receipt := Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, At: e.Message.At}
	m.keys[w.Key] = receipt
	r.again[e.ID] = r.again[e.ID] || w.Again
	return receipt, &Delivered{Room: w.Room, Epoch: m.epoch, Entry: e}
}

func (r *simRedis) publish(room string, ev Event, to *simLink) {
	for _, l := range r.links {
		if l.sink != nil && (to == nil && l.subs[room] || to == l) {
			l.queue = append(l.queue, ev)
		}
	}
}

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

// count drops who has not been renewed for 30 s and counts users, each once.
func (r *simRedis) count(room string) (c wire.Counts) {
	seen := map[string]bool{}
	for u, at := range r.present[room] {
		if time.Since(at) > 30*time.Second {
			delete(r.present[room], u)
		} else if !seen[u.user] {
			seen[u.user] = true
			c.Members++
		}
	}
	return c
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

// simJournal is a disk that outlives its node.
type simJournal struct{ writes []Write }

func (j *simJournal) Keep(batch []Write) error {
	j.writes = append(j.writes, batch...)
	return nil
}

func (j *simJournal) Oldest(limit int) ([]Write, error) {
	return slices.Clone(j.writes[:min(limit, len(j.writes))]), nil
}

func (j *simJournal) Drop(n int) error {
	j.writes = slices.Clone(j.writes[n:])
	return nil
}

func (j *simJournal) Usage() (int, int64) { return len(j.writes), int64(len(j.writes)) }
