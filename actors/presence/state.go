package presence

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// state is the local users of all rooms, and the changes that the store does not have yet. A user with several
// sessions counts once, with the highest role. state is pure: it has no clock and does no I/O.
//
// Methods that return start report whether the caller must start a debounce for the room.
type state struct {
	rooms map[string]*localRoom
}

func newState() *state { return &state{rooms: map[string]*localRoom{}} }

func (s *state) ensureRoom(name string) *localRoom {
	r := s.rooms[name]
	if r == nil {
		r = &localRoom{users: map[string]*userSessions{}}
		s.rooms[name] = r
	}
	return r
}

func (s *state) addSession(room string, user wire.User, role chat.Role) (start bool) {
	r := s.ensureRoom(room)
	u := r.users[user.ID]
	if u == nil {
		u = &userSessions{confirmed: true}
		r.users[user.ID] = u
	}
	u.name, u.avatar = user.Name, user.Avatar
	u.count[role]++
	return r.updateDirty(user.ID, u)
}

func (s *state) removeSession(room, user string, role chat.Role) (start bool) {
	r := s.rooms[room]
	if r == nil || r.users[user] == nil || r.users[user].count[role] == 0 {
		return false
	}
	u := r.users[user]
	u.count[role]--
	return r.updateDirty(user, u)
}

// profile returns the name and avatar of a local user.
func (s *state) profile(room, user string) (name, avatar string, ok bool) {
	if r := s.rooms[room]; r != nil {
		if u := r.users[user]; u != nil {
			return u.name, u.avatar, true
		}
	}
	return "", "", false
}

// takeChanges ends the debounce of a room, and returns the changes for the store. They count as stored unless
// markFailed is called. ok is false if there are none, because the changes have canceled each other out.
func (s *state) takeChanges(room string) (c chat.PresenceChange, ok bool) {
	r := s.rooms[room]
	if r == nil {
		return c, false
	}
	r.debouncing = false
	c = chat.PresenceChange{Room: room, Notify: true}
	r.takeChanges(&c)
	if len(r.users) == 0 {
		delete(s.rooms, room)
	}
	return c, len(c.Present)+len(c.Left) > 0
}

// markFailed records that the store may have carried out a change or not. So it may contain all roles of the change.
func (s *state) markFailed(c chat.PresenceChange) (start bool) {
	r := s.ensureRoom(c.Room)
	for _, p := range append(c.Left[:len(c.Left):len(c.Left)], c.Present...) {
		role, _ := chat.ParseRole(p.Role)
		u := r.users[p.UserID]
		if u == nil {
			u = &userSessions{}
			r.users[p.UserID] = u
		}
		u.reported, u.confirmed = u.reported.with(role), false
		start = r.updateDirty(p.UserID, u) || start
	}
	return start
}

// renewals returns changes that renew the leases of all reported users, in pages of at most size users.
func (s *state) renewals(size int) (pages [][]chat.PresenceChange) {
	var page []chat.PresenceChange
	n := 0
	for name, r := range s.rooms {
		c := chat.PresenceChange{Room: name}
		for id, u := range r.users {
			role, present := u.role()
			if !present || !u.reported.has(role) {
				continue
			}
			c.Present = append(c.Present, chat.PresentUser{UserID: id, Role: role.String()})
			if n++; n%size == 0 {
				pages, page, c.Present = append(pages, append(page, c)), nil, nil
			}
		}
		if len(c.Present) > 0 {
			page = append(page, c)
		}
	}
	if len(page) > 0 {
		pages = append(pages, page)
	}
	return pages
}

// removeAll removes all users, and returns one change for each room that has reported users, sorted by their number,
// the largest first.
func (s *state) removeAll() (changes []chat.PresenceChange) {
	for name, r := range s.rooms {
		c := chat.PresenceChange{Room: name, Notify: true}
		for id, u := range r.users {
			for role := range chat.Role(len(chat.RoleNames)) {
				if u.reported.has(role) {
					c.Left = append(c.Left, chat.PresentUser{UserID: id, Role: role.String()})
				}
			}
		}
		if len(c.Left) > 0 {
			changes = append(changes, c)
		}
	}
	clear(s.rooms)
	slices.SortFunc(changes, func(a, b chat.PresenceChange) int { return len(b.Left) - len(a.Left) })
	return changes
}

// size returns the number of local users in a room, including users that have left if the store has not been updated.
func (s *state) size(room string) int {
	if r := s.rooms[room]; r != nil {
		return len(r.users)
	}
	return 0
}

// roomNames returns the rooms that have local users or changes, sorted by name.
func (s *state) roomNames() []string {
	names := make([]string, 0, len(s.rooms))
	for name := range s.rooms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (s *state) counts(room string) wire.Counts {
	if r := s.rooms[room]; r != nil {
		return r.counts()
	}
	return wire.Counts{}
}

func (s *state) page(room, cursor string, limit int) (users []wire.User, next string) {
	if r := s.rooms[room]; r != nil {
		return r.page(cursor, limit)
	}
	return nil, ""
}

// endDebounce records that the debounce has ended without an update of the store.
func (s *state) endDebounce(room string) {
	if r := s.rooms[room]; r != nil {
		r.debouncing = false
	}
}

// markAllDirty records that the store may have lost all users of a room.
func (s *state) markAllDirty(room string) (start bool) {
	r := s.rooms[room]
	for id, u := range r.users {
		u.confirmed = false
		start = r.updateDirty(id, u) || start
	}
	return start
}

// setCounts records the counts that were published to all nodes.
func (s *state) setCounts(room string, c wire.Counts) {
	if r := s.rooms[room]; r != nil {
		r.published = c
	}
}

// isStale reports whether the counts of the store differ from the published ones.
func (s *state) isStale(room string, c wire.Counts) bool {
	r := s.rooms[room]
	return r != nil && r.published != c
}
