package presence

import (
	"time"

	"chatnode/actors/wire"
)

// nameCache contains the names that other nodes have sent, in two generations: the current one becomes the previous
// one when it is full, or after nameTTL. It is pure.
type nameCache struct {
	maxNames  int // in each generation
	current   map[string]cachedName
	previous  map[string]cachedName
	currentAt time.Time // when current was created
}

// cachedName is the name and avatar of a user. Both are empty if no node knows the user.
type cachedName struct {
	name, avatar string
	until        time.Time
}

const (
	maxNames = 4096 // users
	nameTTL  = time.Minute
	// UnknownNameTTL is the time for which a user that no node knows is not requested again.
	UnknownNameTTL = 5 * time.Second
)

// find returns the name of a user. ok is false if it is not cached.
func (c *nameCache) find(id string, now time.Time) (n cachedName, ok bool) {
	if n, ok = c.current[id]; !ok {
		n, ok = c.previous[id]
	}
	return n, ok && now.Before(n.until)
}

// learn adds a name that a node has sent.
func (c *nameCache) learn(u wire.User, now time.Time) {
	c.put(u.ID, cachedName{u.Name, u.Avatar, now.Add(nameTTL)}, now)
}

// markUnknown records that no node has sent the name of a user.
func (c *nameCache) markUnknown(id string, now time.Time) {
	c.put(id, cachedName{until: now.Add(UnknownNameTTL)}, now)
}

func (c *nameCache) put(id string, n cachedName, now time.Time) {
	if c.current == nil || len(c.current) >= c.maxNames || now.Sub(c.currentAt) >= nameTTL {
		c.previous, c.current, c.currentAt = c.current, map[string]cachedName{}, now
	}
	c.current[id] = n
}
