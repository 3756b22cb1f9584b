package localbus

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

var _ chat.PresenceStore = (*presence)(nil)

// presence stores the users present in each room.
type presence struct {
	publish func(context.Context, []chat.Signal) // delivers signals to the subscriber

	lease time.Duration
	now   func() time.Time

	mu    sync.Mutex
	rooms map[string]*roomLeases
}

// roomLeases are the leases of the users in one room. The counts are updated with each change. Counting all users of a
// large room for each page of renewals would dominate the cost, because each lease is renewed three times.
type roomLeases struct {
	users  map[string]userLease
	counts [len(roles)]int
	ends   time.Time // no lease ends earlier
}

// roles that are counted, in the order of wire.Counts.
var roles = [...]string{"guest", "member", "admin"}

// userLease is the lease of one user in one room.
type userLease struct {
	role  string
	until time.Time
}

func newPresence(lease time.Duration, now func() time.Time, publish func(context.Context, []chat.Signal)) *presence {
	return &presence{publish: publish, lease: lease, now: now, rooms: map[string]*roomLeases{}}
}

// Apply implements chat.PresenceStore. A user counts once, with the last reported role. A user in Left is removed only
// if their role is the same.
func (p *presence) Apply(ctx context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("apply presence: %w", err)
	}
	counts := p.applyAll(changes)
	var signals []chat.Signal
	for i, c := range changes {
		if c.Notify {
			roomCounts := counts[i]
			signals = append(signals, chat.Signal{Room: c.Room, Presence: &roomCounts})
		}
	}
	p.publish(ctx, signals)
	return counts, nil
}

func (p *presence) applyAll(changes []chat.PresenceChange) []wire.Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		counts[i] = p.apply(c)
	}
	return counts
}

func (p *presence) apply(c chat.PresenceChange) wire.Counts {
	now := p.now()
	r := p.rooms[c.Room]
	if r == nil {
		r = &roomLeases{users: map[string]userLease{}, ends: now.Add(p.lease)}
		p.rooms[c.Room] = r
	}
	for _, u := range c.Present {
		r.renew(u.UserID, userLease{u.Role, now.Add(p.lease)})
	}
	for _, u := range c.Left {
		if r.users[u.UserID].role == u.Role {
			r.remove(u.UserID)
		}
	}
	r.expire(now, p.lease)
	if len(r.users) == 0 {
		delete(p.rooms, c.Room)
	}
	return wire.Counts{Guests: r.counts[0], Members: r.counts[1], Admins: r.counts[2]}
}

// renew adds a user or renews their lease.
func (r *roomLeases) renew(id string, lease userLease) {
	if old, found := r.users[id]; found {
		r.counts[countIndex(old.role)]--
	}
	r.users[id] = lease
	r.counts[countIndex(lease.role)]++
}

// remove removes a user. It does nothing if the user is not present.
func (r *roomLeases) remove(id string) {
	if lease, found := r.users[id]; found {
		r.counts[countIndex(lease.role)]--
		delete(r.users, id)
	}
}

// expire removes the users whose lease has ended.
func (r *roomLeases) expire(now time.Time, lease time.Duration) {
	if r.ends.After(now) {
		return
	}
	r.ends = now.Add(lease)
	for id, user := range r.users {
		switch {
		case !user.until.After(now):
			r.remove(id)
		case user.until.Before(r.ends):
			r.ends = user.until
		}
	}
}

// countIndex returns the index of a role in counts. Unknown roles count as guests.
func countIndex(role string) int { return max(0, slices.Index(roles[:], role)) }

// Roster implements chat.PresenceStore. The cursor is the last user id of the previous page.
func (p *presence) Roster(ctx context.Context, room, cursor string, limit int) ([]wire.User, string, error) {
	if err := ctx.Err(); err != nil {
		return nil, "", fmt.Errorf("roster of room %q: %w", room, err)
	}
	users := p.after(room, cursor)
	slices.SortFunc(users, func(a, b wire.User) int { return cmp.Compare(a.ID, b.ID) })
	if limit = max(limit, 1); len(users) > limit {
		return users[:limit:limit], users[limit-1].ID, nil
	}
	return users, "", nil
}

// after returns the present users with an id greater than cursor, unsorted.
func (p *presence) after(room, cursor string) (users []wire.User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	r := p.rooms[room]
	if r == nil {
		return nil
	}
	for id, lease := range r.users {
		if id > cursor && lease.until.After(now) {
			users = append(users, wire.User{ID: id, Role: lease.role})
		}
	}
	return users
}
