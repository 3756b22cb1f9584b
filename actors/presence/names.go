package presence

import (
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The store knows the users of a room by id only. The node of a connection knows the name and avatar of its user. So
// the node that needs a roster requests the missing names on the channel of the room, and waits at most NamesTimeout.

// NamesTimeout is the time after which a roster is answered without the missing names.
const NamesTimeout = 200 * time.Millisecond

// maxNamesBytes is the maximum size of the ids, names and avatars in one signal.
const maxNamesBytes = 32 << 10

// pendingRoster is a page of a roster that waits for names.
type pendingRoster struct {
	room    string
	users   []wire.User
	missing map[string]struct{} // ids
	done    func()
}

// resolveNames fills in the names of users and calls done. It calls done before it returns if no name is missing.
func (t *Tracker) resolveNames(room string, users []wire.User, done func()) {
	p := &pendingRoster{room: room, users: users, done: done}
	t.fillNames(p)
	if len(p.missing) == 0 || t.localOnly || !t.deps.Config.Distributed {
		done()
		return
	}
	for _, ids := range splitBySize(t.namesToRequest(p), func(id string) int { return len(id) }) {
		_ = t.deps.Publisher.TryPost(chat.Signal{Room: room, NamesRequest: ids}) // if it fails, the names stay empty
	}
	t.pending = append(t.pending, p)
	t.self.PostAfter(NamesTimeout, namesTimeoutTick{p})
}

// fillNames fills in the known names of a page, and sets missing to the others.
func (t *Tracker) fillNames(p *pendingRoster) {
	now := time.Now()
	p.missing = map[string]struct{}{}
	for i := range p.users {
		u := &p.users[i]
		if name, avatar, ok := t.state.profile(p.room, u.ID); ok {
			u.Name, u.Avatar = name, avatar
		} else if cached, ok := t.names.find(u.ID, now); ok {
			u.Name, u.Avatar = cached.name, cached.avatar
		} else {
			p.missing[u.ID] = struct{}{}
		}
	}
}

// namesToRequest returns the missing ids of a page that no other pending page has requested, in the order of the page.
func (t *Tracker) namesToRequest(p *pendingRoster) (ids []string) {
	for i := range p.users {
		id := p.users[i].ID
		_, missing := p.missing[id]
		requested := slices.ContainsFunc(t.pending, func(o *pendingRoster) bool {
			_, waits := o.missing[id]
			return waits && o.room == p.room
		})
		if missing && !requested {
			ids = append(ids, id)
		}
	}
	return ids
}

// onNamesRequest answers another node with the names of the local users that it requested.
func (t *Tracker) onNamesRequest(m chat.Signal) {
	var known []wire.User
	for _, id := range m.NamesRequest {
		if name, avatar, ok := t.state.profile(m.Room, id); ok {
			known = append(known, wire.User{ID: id, Name: name, Avatar: avatar})
		}
	}
	for _, users := range splitBySize(known, func(u wire.User) int { return len(u.ID) + len(u.Name) + len(u.Avatar) }) {
		_ = t.deps.Publisher.TryPost(chat.Signal{Room: m.Room, NamesReply: users}) // if it fails, the other node times out
	}
}

// splitBySize splits a list into parts of at most maxNamesBytes. A larger element is a part of one.
func splitBySize[T any](list []T, size func(T) int) (parts [][]T) {
	for from := 0; from < len(list); {
		to, n := from, 0
		for to < len(list) && (to == from || n+size(list[to]) <= maxNamesBytes) {
			n += size(list[to])
			to++
		}
		parts = append(parts, list[from:to])
		from = to
	}
	return parts
}

// onNamesReply caches the names, and completes the pages that have all names now.
func (t *Tracker) onNamesReply(m chat.Signal) {
	now := time.Now()
	for _, u := range m.NamesReply {
		t.names.learn(u, now)
	}
	pending := t.pending
	t.pending = nil
	for _, p := range pending {
		if t.fillNames(p); len(p.missing) == 0 {
			p.done()
			continue
		}
		t.pending = append(t.pending, p)
	}
}

// onNamesTimeout completes a page without the missing names.
func (t *Tracker) onNamesTimeout(m namesTimeoutTick) {
	i := slices.Index(t.pending, m.page)
	if i < 0 {
		return
	}
	t.pending = slices.Delete(t.pending, i, i+1)
	now := time.Now()
	for id := range m.page.missing {
		t.names.markUnknown(id, now)
	}
	m.page.done()
}
