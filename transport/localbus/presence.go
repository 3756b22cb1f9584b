package localbus

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"chatnode/actors"
	"chatnode/actors/wire"
)

var _ actors.PresenceStore = (*presence)(nil)

// presence is who is in which room.
type presence struct {
	tell func(context.Context, []actors.Signal) // the subscriber

	lease time.Duration
	now   func() time.Time

	mu    sync.Mutex
	rooms map[string]map[string]stay // by room, by user
}

// A stay is one user in one room.
type stay struct {
	role  string
	until time.Time
}

func newPresence(lease time.Duration, now func() time.Time, tell func(context.Context, []actors.Signal)) *presence {
	return &presence{tell: tell, lease: lease, now: now, rooms: map[string]map[string]stay{}}
}

// Apply implements actors.PresenceStore. A user counts once, in the role reported last; Gone
// takes away only who is there in that role.
func (p *presence) Apply(ctx context.Context, changes []actors.PresenceChange) ([]wire.Counts, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("apply presence: %w", err)
	}
	counts := p.applyAll(changes)
	var news []actors.Signal
	for i, c := range changes {
		if c.Notify {
			told := counts[i]
			news = append(news, actors.Signal{Room: c.Room, Presence: &told})
		}
	}
	p.tell(ctx, news)
	return counts, nil
}

func (p *presence) applyAll(changes []actors.PresenceChange) []wire.Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := make([]wire.Counts, len(changes))
	for i, c := range changes {
		counts[i] = p.apply(c)
	}
	return counts
}

func (p *presence) apply(c actors.PresenceChange) wire.Counts {
	now := p.now()
	users := p.rooms[c.Room]
	if users == nil {
		users = map[string]stay{}
		p.rooms[c.Room] = users
	}
	for _, u := range c.Here {
		users[u.UserID] = stay{u.Role, now.Add(p.lease)}
	}
	for _, u := range c.Gone {
		if users[u.UserID].role == u.Role {
			delete(users, u.UserID)
		}
	}
	counts := prune(users, now)
	if len(users) == 0 {
		delete(p.rooms, c.Room)
	}
	return counts
}

// prune drops the users whose lease has ended and counts the others.
func prune(users map[string]stay, now time.Time) (counts wire.Counts) {
	for id, s := range users {
		switch {
		case !s.until.After(now):
			delete(users, id)
		case s.role == "admin":
			counts.Admins++
		case s.role == "member":
			counts.Members++
		default:
			counts.Guests++
		}
	}
	return counts
}

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
	for id, s := range p.rooms[room] {
		if id > cursor && s.until.After(now) {
			users = append(users, wire.User{ID: id, Role: s.role})
		}
	}
	return users
}
