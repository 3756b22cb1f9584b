package presence

import (
	"cmp"
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// localRoom is the local users of one room.
type localRoom struct {
	users      map[string]*userSessions // by id; also users that have left, until the store has been updated
	dirty      map[string]struct{}      // ids of users whose change the store does not have; nil: none
	debouncing bool                     // a debounceTick is due
	published  wire.Counts              // the last counts published to all nodes
}

// userSessions is the number of sessions of a user by role.
type userSessions struct {
	count     [len(chat.RoleNames)]int32
	reported  roleSet // roles that the store may contain for the user
	confirmed bool    // the store contains exactly reported

	name, avatar string
}

// roleSet is a set of roles, one bit for each.
type roleSet uint8

func (s roleSet) has(r chat.Role) bool     { return s&(1<<r) != 0 }
func (s roleSet) with(r chat.Role) roleSet { return s | 1<<r }

// role returns the highest role of the sessions. ok is false if there are none.
func (u *userSessions) role() (r chat.Role, ok bool) {
	for i := len(u.count) - 1; i >= 0; i-- {
		if u.count[i] > 0 {
			return chat.Role(i), true
		}
	}
	return chat.RoleGuest, false
}

// updateDirty compares a user with the store. It reports whether a debounce must be started.
func (r *localRoom) updateDirty(id string, u *userSessions) (start bool) {
	role, present := u.role()
	var want roleSet
	if present {
		want = want.with(role)
	}
	if u.confirmed && u.reported == want {
		delete(r.dirty, id)
		if !present {
			delete(r.users, id)
		}
		return false
	}
	if r.dirty == nil {
		r.dirty = map[string]struct{}{}
	}
	r.dirty[id] = struct{}{}
	if r.debouncing {
		return false
	}
	r.debouncing = true
	return true
}

// takeChanges adds the changes of all dirty users to c, and marks them as reported.
func (r *localRoom) takeChanges(c *chat.PresenceChange) {
	for id := range r.dirty {
		u := r.users[id]
		role, present := u.role()
		for old := range chat.Role(len(chat.RoleNames)) {
			if u.reported.has(old) && (!present || old != role) {
				c.Left = append(c.Left, chat.PresentUser{UserID: id, Role: old.String()})
			}
		}
		u.reported, u.confirmed = 0, true
		if present {
			c.Present = append(c.Present, chat.PresentUser{UserID: id, Role: role.String()})
			u.reported = u.reported.with(role)
		} else {
			delete(r.users, id)
		}
	}
	r.dirty = nil // clear would cost as much as the largest number of dirty users so far
}

// counts returns the users by their highest role.
func (r *localRoom) counts() (c wire.Counts) {
	for _, u := range r.users {
		role, present := u.role()
		if !present {
			continue
		}
		switch role {
		case chat.RoleGuest:
			c.Guests++
		case chat.RoleMember:
			c.Members++
		case chat.RoleAdmin:
			c.Admins++
		}
	}
	return c
}

// page returns at most limit users with greater ids than cursor, sorted by id, without names. next is empty if there
// are no more.
func (r *localRoom) page(cursor string, limit int) (users []wire.User, next string) {
	for id, u := range r.users {
		if role, present := u.role(); present && id > cursor {
			users = append(users, wire.User{ID: id, Role: role.String()})
		}
	}
	slices.SortFunc(users, func(a, b wire.User) int { return cmp.Compare(a.ID, b.ID) })
	if len(users) > limit {
		return users[:limit:limit], users[limit-1].ID
	}
	return users, ""
}
