package presence

import (
	"time"

	"chatnode/actors/wire"
)

// NameCache remembers what other nodes have told of their users, for a while. It is pure.
type NameCache struct {
	Most     int // entries of each generation
	current  map[string]cachedName
	previous map[string]cachedName
	turnover time.Time
}

// cachedName is a user's name and picture; both are empty where nobody knew.
type cachedName struct {
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
func (b *NameCache) find(id string, now time.Time) (n cachedName, ok bool) {
	if n, ok = b.current[id]; !ok {
		n, ok = b.previous[id]
	}
	return n, ok && now.Before(n.until)
}

// learn notes what a node has told of its user.
func (b *NameCache) learn(u wire.User, now time.Time) {
	b.put(u.ID, cachedName{u.Name, u.Avatar, now.Add(namesKept)}, now)
}

// unknown notes that no node has told of a user.
func (b *NameCache) unknown(id string, now time.Time) {
	b.put(id, cachedName{until: now.Add(UnknownKept)}, now)
}

// put writes into the young generation. A full one, and one that has had its time, becomes the old one.
func (b *NameCache) put(id string, n cachedName, now time.Time) {
	if b.current == nil || len(b.current) >= b.Most || now.Sub(b.turnover) >= namesKept {
		b.previous, b.current, b.turnover = b.current, map[string]cachedName{}, now
	}
	b.current[id] = n
}
