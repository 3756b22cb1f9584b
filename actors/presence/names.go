package presence

import (
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The names of a roster. Redis knows who is present by id only; the name and the picture of a user are known
// to the node that has the connection. So the node that is asked for a roster asks the others, by the room's
// channel, for the names that it does not know, and waits for them no longer than namesWithin.

// namesTimeoutTick is the end of the patience with them.
type namesTimeoutTick struct{ page *pendingRoster }

// pendingRoster is a part of a roster that waits for names.
type pendingRoster struct {
	room    string
	users   []wire.User
	missing map[string]struct{}
	done    func()
}

// resolveNames fills in the names of a page and calls done, at once where this node knows them all.
func (p *Presence) resolveNames(room string, users []wire.User, done func()) {
	n := &pendingRoster{room: room, users: users, done: done}
	p.fill(n)
	if len(n.missing) == 0 || p.localOnly || !p.Core.Set.Distributed {
		done()
		return
	}
	for _, part := range splitBySize(p.unasked(n), func(id string) int { return len(id) }) {
		_ = p.Core.Out.TryPost(chat.Signal{Room: room, NamesRequest: part}) // what nobody is asked stays without a name
	}
	p.nameless = append(p.nameless, n)
	p.self.PostAfter(NamesWithin, namesTimeoutTick{n})
}

// fill writes what is known into a page.
func (p *Presence) fill(n *pendingRoster) {
	now := time.Now()
	n.missing = map[string]struct{}{}
	for i := range n.users {
		u := &n.users[i]
		if name, avatar, ok := p.State.profile(n.room, u.ID); ok {
			u.Name, u.Avatar = name, avatar
		} else if known, ok := p.Names.find(u.ID, now); ok {
			u.Name, u.Avatar = known.name, known.avatar
		} else {
			n.missing[u.ID] = struct{}{}
		}
	}
}

// unasked is the missing ones that no other page is waiting for already, in their order.
func (p *Presence) unasked(n *pendingRoster) (ids []string) {
	for i := range n.users {
		id := n.users[i].ID
		_, missing := n.missing[id]
		asked := slices.ContainsFunc(p.nameless, func(o *pendingRoster) bool { _, waits := o.missing[id]; return waits && o.room == n.room })
		if missing && !asked {
			ids = append(ids, id)
		}
	}
	return ids
}

// onNamesRequest answers another node. Who is not here is somebody else's to tell of.
func (p *Presence) onNamesRequest(m chat.Signal) {
	var known []wire.User
	for _, id := range m.NamesRequest {
		if name, avatar, ok := p.State.profile(m.Room, id); ok {
			known = append(known, wire.User{ID: id, Name: name, Avatar: avatar})
		}
	}
	for _, part := range splitBySize(known, func(u wire.User) int { return len(u.ID) + len(u.Name) + len(u.Avatar) }) {
		_ = p.Core.Out.TryPost(chat.Signal{Room: m.Room, NamesReply: part})
	}
}

// splitBySize cuts a list into parts of at most namesPerPart bytes, or of one element.
func splitBySize[T any](list []T, size func(T) int) (parts [][]T) {
	for from := 0; from < len(list); {
		to, n := from, 0
		for to < len(list) && (to == from || n+size(list[to]) <= namesPerPart) {
			n += size(list[to])
			to++
		}
		parts = append(parts, list[from:to])
		from = to
	}
	return parts
}

// onNamesReply takes names in and lets go of the pages that have all of theirs.
func (p *Presence) onNamesReply(m chat.Signal) {
	now := time.Now()
	for _, u := range m.NamesReply {
		p.Names.learn(u, now)
	}
	waiting := p.nameless
	p.nameless = nil
	for _, n := range waiting {
		if p.fill(n); len(n.missing) == 0 {
			n.done()
			continue
		}
		p.nameless = append(p.nameless, n)
	}
}

// onNamesTimeout lets a page go as it is.
func (p *Presence) onNamesTimeout(m namesTimeoutTick) {
	at := slices.Index(p.nameless, m.page)
	if at < 0 {
		return
	}
	p.nameless = slices.Delete(p.nameless, at, at+1)
	now := time.Now()
	for id := range m.page.missing {
		p.Names.unknown(id, now)
	}
	m.page.done()
}
