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

// presence is who is in which room.
type presence struct {
	tell func(context.Context, []chat.Signal) // the subscriber

	lease time.Duration
	now   func() time.Time

	mu    sync.Mutex
	rooms map[string]*roomLeases
}

// roomLeases are the users in one room. They are counted as they come and go: a lease is renewed three times while it
// lasts, in pages, and to go over all of a huge room for each of these would cost more than all else.
type roomLeases struct {
	users  map[string]userLease
	counts [len(roles)]int
	ends   time.Time // no lease ends before
}

// The roles that are counted, in the order of wire.Counts.
var roles = [...]string{"guest", "member", "admin"}

// A userLease is one user in one room.
type userLease struct {
	role  string
	until time.Time
}

func newPresence(lease time.Duration, now func() time.Time, tell func(context.Context, []chat.Signal)) *presence {
	return &presence{tell: tell, lease: lease, now: now, rooms: map[string]*roomLeases{}}
}

// Apply implements actors.PresenceStore. A user counts once, in the role reported last; Gone
// takes away only who is there in that role.
func (p *presence) Apply(ctx context.Context, changes []chat.PresenceChange) ([]wire.Counts, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("apply presence: %w", err)
	}
	counts := p.applyAll(changes)
	var news []chat.Signal
	for i, c := range changes {
		if c.Notify {
			told := counts[i]
			news = append(news, chat.Signal{Room: c.Room, Presence: &told})
		}
	}
	p.tell(ctx, news)
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

// renew takes a user in, or renews the lease.
func (r *roomLeases) renew(id string, s userLease) {
	if was, here := r.users[id]; here {
		r.counts[place(was.role)]--
	}
	r.users[id] = s
	r.counts[place(s.role)]++
}

// remove takes a user away, if there.
func (r *roomLeases) remove(id string) {
	if s, here := r.users[id]; here {
		r.counts[place(s.role)]--
		delete(r.users, id)
	}
}

// expire drops the users whose lease has ended, if one may have.
func (r *roomLeases) expire(now time.Time, lease time.Duration) {
	if r.ends.After(now) {
		return
	}
	r.ends = now.Add(lease)
	for id, s := range r.users {
		switch {
		case !s.until.After(now):
			r.remove(id)
		case s.until.Before(r.ends):
			r.ends = s.until
		}
	}
}

// place is where a role is counted; what is no role counts as a guest.
func place(role string) int { return max(0, slices.Index(roles[:], role)) }

// Roster implements actors.PresenceStore. The cursor is the last user id of the page before.
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

// after lists the present users whose id is greater than the cursor, in no order.
func (p *presence) after(room, cursor string) (users []wire.User) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	r := p.rooms[room]
	if r == nil {
		return nil
	}
	for id, s := range r.users {
		if id > cursor && s.until.After(now) {
			users = append(users, wire.User{ID: id, Role: s.role})
		}
	}
	return users
}
