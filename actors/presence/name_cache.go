package presence

import (
	"time"

	"chatnode/actors/wire"
)

// nameBook remembers what other nodes have told of their users, for a while. It is pure.
type NameBook struct {
	Most     int // entries of each generation
	young    map[string]namedUntil
	old      map[string]namedUntil
	turnover time.Time
}

// namedUntil is a user's name and picture; both are empty where nobody knew.
type namedUntil struct {
	name, avatar string
	until        time.Time
}

const (
	NamesMost    = 4096            // users of whom a generation of a book tells
	namesKept    = time.Minute     // what was told of a user
	UnknownKept  = 5 * time.Second // that nobody knew a user
	NamesWithin  = 200 * time.Millisecond
	namesPerPart = 32 << 10 // bytes of ids, names and pictures in one signal
)

// find returns what is known of a user; ok is false where somebody may know more.
func (b *NameBook) find(id string, now time.Time) (n namedUntil, ok bool) {
	if n, ok = b.young[id]; !ok {
		n, ok = b.old[id]
	}
	return n, ok && now.Before(n.until)
}

// learn notes what a node has told of its user.
func (b *NameBook) learn(u wire.User, now time.Time) {
	b.put(u.ID, namedUntil{u.Name, u.Avatar, now.Add(namesKept)}, now)
}

// unknown notes that no node has told of a user.
func (b *NameBook) unknown(id string, now time.Time) {
	b.put(id, namedUntil{until: now.Add(UnknownKept)}, now)
}

// put writes into the young generation. A full one, and one that has had its time, becomes the old one.
func (b *NameBook) put(id string, n namedUntil, now time.Time) {
	if b.young == nil || len(b.young) >= b.Most || now.Sub(b.turnover) >= namesKept {
		b.old, b.young, b.turnover = b.young, map[string]namedUntil{}, now
	}
	b.young[id] = n
}
