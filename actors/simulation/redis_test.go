package simulation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// simRedis is a model of Redis for many nodes: per room a log with idempotency and floors, pub/sub by a
// queue for each node, presence by node with leases. Everything runs on the simulation's one goroutine.
type simRedis struct {
	epochs  int
	history int  // entries that a log keeps
	tells   bool // of places that it knows nothing of
	rooms   map[string]*simLog
	backup  map[string]*simLog // what a lagging replica has
	present map[string]map[simUser]time.Time
	links   []*simLink
	down    bool

	again   map[string]bool       // every id that was stored: whether it was lost, and stored again
	origin  map[string]string     // by message id, the text it was first stored with
	knowers map[string][]*simLink // by what was stored: the lives of nodes that were told so
	dropped map[string]bool       // what was stored, and lost by a failover or a flush
	refused map[string][]*simLink // acknowledged changes whose message was not there: the lives of nodes that were told so
}

type simUser struct{ room, user, role, node string }

func newSimRedis() *simRedis {
	return &simRedis{
		history: 1 << 30, rooms: map[string]*simLog{}, present: map[string]map[simUser]time.Time{},
		again: map[string]bool{}, origin: map[string]string{}, knowers: map[string][]*simLink{}, dropped: map[string]bool{}, refused: map[string][]*simLink{},
	}
}

func (r *simRedis) room(name string) *simLog {
	m := r.rooms[name]
	if m == nil {
		r.epochs++
		m = &simLog{epoch: fmt.Sprint("epoch", r.epochs), keys: map[string]simKey{}, ledger: map[uint64]string{}}
		r.rooms[name] = m
	}
	return m
}

// snapshot is the replica having caught up; failover promotes it, with what it has.
func (r *simRedis) snapshot() {
	r.backup = map[string]*simLog{}
	for name, m := range r.rooms {
		r.backup[name] = m.clone()
	}
}

func (r *simRedis) failover() {
	r.rewind(r.backup)
	r.backup = nil
	r.cutAll()
}

func (r *simRedis) flush() {
	r.rewind(nil)
	r.backup = nil
	clear(r.present)
}

// rewind puts older logs, or none, in the place of those there are.
func (r *simRedis) rewind(to map[string]*simLog) {
	for name, m := range r.rooms {
		for seq, words := range m.ledger {
			if old := to[name]; old == nil || old.ledger[seq] != words {
				r.dropped[words] = true
			}
		}
	}
	r.rooms = map[string]*simLog{}
	for name, m := range to {
		r.rooms[name] = m
	}
}

// cutAll breaks every connection, as a restart does.
func (r *simRedis) cutAll() {
	for _, l := range r.links {
		l.breakSub()
	}
}

// remember notes whose memory can make a loss good.
func (r *simRedis) remember(words string, by *simLink) {
	if !by.late && !by.belated {
		r.knowers[words] = append(r.knowers[words], by)
	}
}

// refuse notes who must remember a change that could not be made: a node that had acknowledged it before. One
// that was asked for it just now says so to its client, and owes nothing.
func (r *simRedis) refuse(w *chat.Write, by *simLink) {
	words := r.words(w)
	for _, n := range by.sim.nodes {
		if n.link == by && (w.Again || by.sim.keeps(n, words)) {
			r.refused[words] = append(r.refused[words], by)
		}
	}
}

// known reports whether it was ever stored.
func (r *simRedis) known(words string) bool {
	for _, m := range r.rooms {
		for _, have := range m.ledger {
			if have == words {
				return true
			}
		}
	}
	return r.dropped[words] || len(r.refused[words]) > 0
}

// forgotten reports whether a loss is beyond the contract: no node is alive that knew of what was lost, or
// that it could not be carried out because of a loss.
func (r *simRedis) forgotten(words string) bool {
	for _, l := range slices.Concat(r.knowers[words], r.refused[words]) {
		if l.alive {
			return false
		}
	}
	return r.dropped[words] || len(r.refused[words]) > 0 && len(r.dropped) > 0
}

// forgottenText reports whether a text was lost and forgotten.
func (r *simRedis) forgottenText(text string) bool {
	for words := range r.dropped {
		if strings.HasSuffix(words, fmt.Sprintf(" %q", text)) && r.forgotten(words) {
			return true
		}
	}
	return false
}

func (r *simRedis) publish(room string, ev chat.Event, to *simLink) {
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
		switch {
		case time.Since(at) > 30*time.Second:
			delete(r.present[room], u)
			continue
		case seen[u.user]:
		case u.role == chat.RoleAdmin.String():
			c.Admins++
		default:
			c.Members++
		}
		seen[u.user] = true
	}
	return c
}
