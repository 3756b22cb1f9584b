package room

import (
	"sync/atomic"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// members are the clients of this node in a room.
type members struct {
	roles     map[*fanout.Client]chat.Role // as reported to presence
	perWriter []int                        // by index of the writer
	count     atomic.Int64                 // len(roles), for other goroutines
}

func newMembers(writers int) members {
	return members{roles: map[*fanout.Client]chat.Role{}, perWriter: make([]int, writers)}
}

func (m *members) idle() bool { return len(m.roles) == 0 }

func (m *members) size() int { return len(m.roles) }

// add adds a client. added is false if it is a member already.
func (m *members) add(c *fanout.Client, role chat.Role) (added bool) {
	if _, exists := m.roles[c]; exists {
		return false
	}
	m.perWriter[c.WriterIndex]++
	m.roles[c] = role
	m.count.Store(int64(len(m.roles)))
	return true
}

// remove removes a client. removed is false if it is not a member.
func (m *members) remove(c *fanout.Client) (role chat.Role, removed bool) {
	role, removed = m.roles[c]
	if removed {
		delete(m.roles, c)
		m.count.Store(int64(len(m.roles)))
		m.perWriter[c.WriterIndex]--
	}
	return role, removed
}

// setRole changes the role of a member. ok is false if the client is not a member.
func (m *members) setRole(c *fanout.Client, role chat.Role) (old chat.Role, ok bool) {
	if old, ok = m.roles[c]; ok {
		m.roles[c] = role
	}
	return old, ok
}

// addMember adds the client of a join. The writer sends the frames and then each broadcast.
func (r *Room) addMember(m *JoinRequest, frames []byte) {
	c := m.Client
	if r.members.add(c, m.Identity.Role) {
		r.deps.Presence.Post(presence.NewUserEntered(r.name, &m.Identity))
	}
	c.Session.Post(&JoinAccepted{r.name, r.self})
	c.Writer.Post(&fanout.JoinGroup{Room: r.name, Client: c, Frame: append(frames[:len(frames):len(frames)], r.presence.frame...)})
}

func (r *Room) onLeave(m *LeaveRequest) {
	r.joins.cancel(m.Client, r.reader.open || m.Silent)
	if role, removed := r.members.remove(m.Client); removed {
		r.deps.Presence.Post(presence.UserLeft{Room: r.name, UserID: m.Client.UserID, Role: role})
		if r.members.idle() {
			r.retirement.emptySince = time.Now()
		}
	}
	if !m.Silent {
		m.Client.Writer.Post(&fanout.LeaveGroup{Room: r.name, Client: m.Client, Frame: fanout.Seal(wire.AppendLeft(fanout.Begin(), m.Id, r.name))})
	}
	r.retireIfCrowded()
}

// onIdentityChanged adopts the identity of a client's new token, also for joins that wait.
func (r *Room) onIdentityChanged(m *IdentityChanged) {
	m.Client.Session.FreeSlots(1)
	r.joins.setIdentity(m.Client, m.Identity)
	if old, ok := r.members.setRole(m.Client, m.Identity.Role); ok {
		r.deps.Presence.Post(presence.NewUserEntered(r.name, &m.Identity))
		r.deps.Presence.Post(presence.UserLeft{Room: r.name, UserID: m.Client.UserID, Role: old})
	}
}
