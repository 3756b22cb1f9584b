package actors

import (
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
	again   map[string]bool // every id that was stored: whether it was lost, and stored again
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
	_, before := r.again[e.ID]
	r.again[e.ID] = before
	return receipt, &Delivered{Room: w.Room, Epoch: m.epoch, Entry: e}
}

func (r *simRedis) publish(room string, ev Event, to *simLink) {
	for _, l := range r.links {
		if l.sink != nil && (to == nil && l.subs[room] || to == l) {
			l.queue = append(l.queue, ev)
		}
	}
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
