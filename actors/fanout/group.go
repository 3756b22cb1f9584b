package fanout

import (
	"time"
)

// group is the members of one room on one writer, and the frames that at least one of them has not received. Members
// that accept compressed frames are in a second group.
//
// The writer visits the members in passes. Each member receives all frames that are in the log at its visit. Frames
// that are added during a pass are sent to the members not yet visited; the others receive them in the next pass.
//
//	startOffset <= member.offset <= endOffset()
//	startOffset <= passEnd <= endOffset()   during a pass
type group struct {
	groupKey
	members     []member
	log         []byte // frames; the first byte has offset startOffset
	startOffset uint64 // bytes removed from log since the group exists
	shared      bool   // an outbox refers to a part of log: the array must not be overwritten

	passActive  bool
	cursor      int       // members before it have been visited in this pass
	passEnd     uint64    // endOffset at the start of the pass; all members have received it at its end
	firstAt     time.Time // At of the first frame that the pass writes
	nextFirstAt time.Time // At of the first frame added during the pass; zero: none
}

type groupKey struct {
	room       string
	compressed bool
}

// member is a client in a group. offset is the end of the part of the log that it has received.
type member struct {
	client *Client
	offset uint64
}

// membership is the position of a client in a group: group.members[index].client is the client.
type membership struct {
	group *group
	index int
}

func (g *group) endOffset() uint64 { return g.startOffset + uint64(len(g.log)) }

func (g *group) isEmpty() bool { return len(g.members) == 0 && len(g.log) == 0 }

// takeUnsent returns the frames that a member has not received, and marks them as received. The slice is valid until
// the next pass ends, unless share is called.
func (g *group) takeUnsent(index int) []byte {
	m := &g.members[index]
	unsent := g.log[m.offset-g.startOffset:]
	m.offset += uint64(len(unsent))
	return unsent
}

// share returns a part of the log that the caller may keep. The array is not overwritten from now on.
func (g *group) share(part []byte) []byte {
	g.shared = true
	return part[:len(part):len(part)]
}

func (g *group) beginPass() {
	g.passActive, g.cursor, g.passEnd = true, 0, g.endOffset()
	if !g.nextFirstAt.IsZero() {
		g.firstAt, g.nextFirstAt = g.nextFirstAt, time.Time{}
	}
}

// endPass removes the frames that all members have received. It reports whether frames were added during the pass.
func (g *group) endPass() (more bool) {
	g.passActive, g.cursor = false, 0
	rest := g.log[g.passEnd-g.startOffset:]
	g.startOffset = g.passEnd
	if g.shared || cap(g.log) > maxRetainedBuffer {
		g.log, g.shared = append([]byte(nil), rest...), false
	} else {
		g.log = append(g.log[:0], rest...)
	}
	return len(rest) > 0
}

// remove deletes the member at index. Members that the pass has not visited stay behind the cursor.
func (g *group) remove(index int) {
	if index < g.cursor {
		g.cursor--
		g.move(g.cursor, index)
		index = g.cursor
	}
	last := len(g.members) - 1
	g.move(last, index)
	g.members[last] = member{}
	g.members = g.members[:last]
}

// move overwrites the member at index to with the one at index from.
func (g *group) move(from, to int) {
	if from == to {
		return
	}
	moved := g.members[from]
	g.members[to] = moved
	for i := range moved.client.out.memberships {
		if in := &moved.client.out.memberships[i]; in.group == g {
			in.index = to
		}
	}
}

func (w *Writer) onJoinGroup(m *JoinGroup) {
	m.Client.Session.FreeSlots(JoinSlots)
	s := &m.Client.out
	if s.ended() {
		return
	}
	w.sendTo(m.Client, m.Frame)
	key := groupKey{m.Room, m.Client.Compressed}
	g := w.groups[key]
	if g == nil {
		g = &group{groupKey: key}
		w.groups[key] = g
	}
	for _, in := range s.memberships {
		if in.group == g {
			return
		}
	}
	s.memberships = append(s.memberships, membership{g, len(g.members)})
	g.members = append(g.members, member{m.Client, g.endOffset()})
}

func (w *Writer) onLeaveGroup(m *LeaveGroup) {
	m.Client.Session.FreeSlots(1)
	w.leave(m.Client, m.Room)
	w.sendTo(m.Client, m.Frame)
}

// leave removes the client from the group of a room, and queues the frames broadcast before.
func (w *Writer) leave(c *Client, room string) {
	for i, in := range c.out.memberships {
		if in.group.room != room {
			continue
		}
		if unsent := in.group.takeUnsent(in.index); len(unsent) > 0 && !c.out.detached {
			w.queueCopy(c, unsent)
		}
		if in.group.remove(in.index); in.group.isEmpty() {
			delete(w.groups, in.group.groupKey)
		}
		last := len(c.out.memberships) - 1
		c.out.memberships[i] = c.out.memberships[last]
		c.out.memberships = c.out.memberships[:last]
		return
	}
}

func (w *Writer) leaveAll(c *Client) {
	for len(c.out.memberships) > 0 {
		w.leave(c, c.out.memberships[0].group.room)
	}
}
