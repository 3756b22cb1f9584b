package presence

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// presenceState knows who is on this node, by room and user, and what of that the store has not been
// told yet. It is pure: no clock, no I/O. A user counts once however many sessions there are, with
// the highest role among them.
type presenceState struct {
	rooms map[string]*presenceRoom
}

// presenceRoom is one room's local users.
type presenceRoom struct {
	users      map[string]*userSessions
	dirty      map[string]struct{} // users of whom the store has to be told; nil: none
	debouncing bool                // a debounce is running
	heard      wire.Counts         // that all nodes were told last
}

// userSessions counts a user's sessions in a room by role.
type userSessions struct {
	count     [len(chat.RoleNames)]int32
	reported  roles // what the store may hold of the user
	confirmed bool  // and does hold

	name, avatar string
}

// roles is a set of them.
type roles uint8

func (s roles) has(r chat.Role) bool   { return s&(1<<r) != 0 }
func (s roles) with(r chat.Role) roles { return s | 1<<r }

// role is the highest role that has a session; ok is false when none has.
func (s *userSessions) role() (r chat.Role, ok bool) {
	for i := len(s.count) - 1; i >= 0; i-- {
		if s.count[i] > 0 {
			return chat.Role(i), true
		}
	}
	return chat.RoleGuest, false
}

func NewPresenceState() *presenceState { return &presenceState{rooms: map[string]*presenceRoom{}} }

func (s *presenceState) ensureRoom(name string) *presenceRoom {
	r := s.rooms[name]
	if r == nil {
		r = &presenceRoom{users: map[string]*userSessions{}}
		s.rooms[name] = r
	}
	return r
}

// addSession counts a session. It reports whether a debounce must be armed for the room.
func (s *presenceState) addSession(room string, who wire.User, role chat.Role) (arm bool) {
	r := s.ensureRoom(room)
	u := r.users[who.ID]
	if u == nil {
		u = &userSessions{confirmed: true}
		r.users[who.ID] = u
	}
	u.name, u.avatar = who.Name, who.Avatar
	u.count[role]++
	return r.mark(who.ID, u)
}

// profile is the name and avatar of a user who is in the room on this node.
func (s *presenceState) profile(room, user string) (name, avatar string, ok bool) {
	if r := s.rooms[room]; r != nil {
		if u := r.users[user]; u != nil {
			return u.name, u.avatar, true
		}
	}
	return "", "", false
}

// removeSession takes a session back.
func (s *presenceState) removeSession(room, user string, role chat.Role) (arm bool) {
	r := s.rooms[room]
	if r == nil || r.users[user] == nil || r.users[user].count[role] == 0 {
		return false
	}
	u := r.users[user]
	u.count[role]--
	return r.mark(user, u)
}

// mark notes a change for the store, or that there is none any more.
func (r *presenceRoom) mark(user string, u *userSessions) (arm bool) {
	role, here := u.role()
	var want roles
	if here {
		want = want.with(role)
	}
	if u.confirmed && u.reported == want {
		delete(r.dirty, user)
		if !here {
			delete(r.users, user)
		}
		return false
	}
	if r.dirty == nil {
		r.dirty = map[string]struct{}{}
	}
	r.dirty[user] = struct{}{}
	if r.debouncing {
		return false
	}
	r.debouncing = true
	return true
}

// changes takes what the store has to be told of a room, when its debounce has passed; ok is false
// where the changes have cancelled each other out.
func (s *presenceState) changes(room string) (c chat.PresenceChange, ok bool) {
	r := s.rooms[room]
	if r == nil {
		return c, false
	}
	r.debouncing = false
	c = chat.PresenceChange{Room: room, Notify: true}
	for user := range r.dirty {
		u := r.users[user]
		role, here := u.role()
		for old := range chat.Role(len(chat.RoleNames)) {
			if u.reported.has(old) && (!here || old != role) {
				c.Left = append(c.Left, chat.PresentUser{UserID: user, Role: old.String()})
			}
		}
		u.reported, u.confirmed = 0, true
		if here {
			c.Present = append(c.Present, chat.PresentUser{UserID: user, Role: role.String()})
			u.reported = u.reported.with(role)
		} else {
			delete(r.users, user)
		}
	}
	r.dirty = nil // to clear what a crowd has filled costs as much as the crowd, ever after
	s.tidy(room, r)
	return c, len(c.Present)+len(c.Left) > 0
}

// failed takes a change back of which nobody knows whether the store got it: it may hold all that it
// was told of. It reports whether a debounce must be armed.
func (s *presenceState) failed(c chat.PresenceChange) (arm bool) {
	r := s.ensureRoom(c.Room)
	for _, p := range append(c.Left[:len(c.Left):len(c.Left)], c.Present...) {
		role, _ := chat.ParseRole(p.Role)
		u := r.users[p.UserID]
		if u == nil {
			u = &userSessions{}
			r.users[p.UserID] = u
		}
		u.reported, u.confirmed = u.reported.with(role), false
		arm = r.mark(p.UserID, u) || arm
	}
	return arm
}

// renewals are all users that the store was told of, in pages of at most size users, to renew their leases.
func (s *presenceState) renewals(size int) (pages [][]chat.PresenceChange) {
	var page []chat.PresenceChange
	n := 0
	for name, r := range s.rooms {
		c := chat.PresenceChange{Room: name}
		for user, u := range r.users {
			role, here := u.role()
			if !here || !u.reported.has(role) {
				continue
			}
			c.Present = append(c.Present, chat.PresentUser{UserID: user, Role: role.String()})
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

// removeAll is a change that takes all local users away, one for each room: the node goes down.
func (s *presenceState) removeAll() (changes []chat.PresenceChange) {
	for name, r := range s.rooms {
		c := chat.PresenceChange{Room: name, Notify: true}
		for user, u := range r.users {
			for role := range chat.Role(len(chat.RoleNames)) {
				if u.reported.has(role) {
					c.Left = append(c.Left, chat.PresentUser{UserID: user, Role: role.String()})
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

func (s *presenceState) tidy(name string, r *presenceRoom) {
	if len(r.users) == 0 && !r.debouncing {
		delete(s.rooms, name)
	}
}

// size is the number of local users in a room.
func (s *presenceState) size(room string) int {
	if r := s.rooms[room]; r != nil {
		return len(r.users)
	}
	return 0
}

// names are the rooms that have local users, or have something to tell of.
func (s *presenceState) names() []string {
	names := make([]string, 0, len(s.rooms))
	for name := range s.rooms {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// counts are the local users of a room by role.
func (s *presenceState) counts(room string) (c wire.Counts) {
	r := s.rooms[room]
	if r == nil {
		return c
	}
	for _, u := range r.users {
		switch role, here := u.role(); {
		case !here:
		case role == chat.RoleGuest:
			c.Guests++
		case role == chat.RoleMember:
			c.Members++
		default:
			c.Admins++
		}
	}
	return c
}

// disarm notes that the debounce has passed without the store being told.
func (s *presenceState) disarm(room string) {
	if r := s.rooms[room]; r != nil {
		r.debouncing = false
	}
}

// markAllDirty takes nothing of a room for granted any more: all of it is to be told again. It reports
// whether a debounce must be armed.
func (s *presenceState) markAllDirty(room string) (arm bool) {
	r := s.rooms[room]
	for user, u := range r.users {
		u.confirmed = false
		arm = r.mark(user, u) || arm
	}
	return arm
}

// setCounts notes the counts that all nodes were told.
func (s *presenceState) setCounts(room string, c wire.Counts) {
	if r := s.rooms[room]; r != nil {
		r.heard = c
	}
}

// stale reports whether the store counts otherwise than all nodes were told.
func (s *presenceState) stale(room string, c wire.Counts) bool {
	r := s.rooms[room]
	return r != nil && r.heard != c
}
