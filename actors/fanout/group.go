package fanout

import (
	"time"
)

// fanoutGroup is the writer's share of a room's members, and what they have not all had of the room's
// frames. Those who take compressed frames are one of their own.
//
// The writer goes over the members in laps. Each member it comes to is given all that there is by then, also
// what was told since the lap began; so a lap that has begun takes along what comes, and who was passed
// by gets it in the next one.
type fanoutGroup struct {
	groupKey
	members     []groupMember
	log         []byte // frames that somebody has not had yet
	startOffset uint64 // place of log's first byte in all that the room has told
	shared      bool   // an outbox holds a part of log: its array is not written over

	passActive bool      // under way
	cursor     int       // of the lap: the members before it have been come to
	passEnd    uint64    // where log ended when the lap began: every member has had that much at its end
	since      time.Time // when the first of the frames was told that the lap is for
	next       time.Time // the same for those told since it began
}

type groupKey struct {
	room       string
	compressed bool
}

// groupMember is one client in an audience. had is how much it has had of all that the room has told.
type groupMember struct {
	client *Client
	offset uint64
}

// groupRef is the way back: where a client stands in an audience.
type groupRef struct {
	aud *fanoutGroup
	at  int
}

// endOffset is the place of the next frame.
func (a *fanoutGroup) endOffset() uint64 { return a.startOffset + uint64(len(a.log)) }

// unsent is what m has not had yet. From here on it counts as had.
func (a *fanoutGroup) unsent(m *groupMember) []byte {
	share := a.log[m.offset-a.startOffset:]
	m.offset += uint64(len(share))
	return share
}

// shareBuffer is share for somebody who keeps it.
func (a *fanoutGroup) shareBuffer(share []byte) []byte {
	a.shared = true
	return share[:len(share):len(share)]
}

// beginPass starts a lap.
func (a *fanoutGroup) beginPass() {
	a.passActive, a.cursor, a.passEnd = true, 0, a.endOffset()
	if !a.next.IsZero() {
		a.since, a.next = a.next, time.Time{}
	}
}

// endPass ends a lap. It forgets what all have had, and reports whether there is more for those who were
// passed by.
func (a *fanoutGroup) endPass() (more bool) {
	a.passActive, a.cursor = false, 0
	rest := a.log[a.passEnd-a.startOffset:]
	a.startOffset = a.passEnd
	switch {
	case a.shared || cap(a.log) > maxRetainedBuffer:
		a.log, a.shared = append([]byte(nil), rest...), false
	default:
		a.log = append(a.log[:0], rest...)
	}
	return len(rest) > 0
}

// onBroadcast lays a frame behind the others of the room. It is compressed once, if at all, for all who take
// it so.
func (w *Writer) onBroadcast(m *BroadcastFrame) {
	if a := w.audiences[groupKey{m.Room, false}]; a != nil {
		w.appendFrames(a, m, m.Frame, m.ExtraFrame)
	}
	if w.set.Deflate != nil {
		if a := w.audiences[groupKey{m.Room, true}]; a != nil {
			w.appendFrames(a, m, w.set.Deflate(m.Frame), w.set.Deflate(m.ExtraFrame))
		}
	}
	if m.Ack != nil {
		w.sendTo(m.Ack.Client, m.Ack.Frame)
	}
}

func (w *Writer) appendFrames(a *fanoutGroup, m *BroadcastFrame, frame, along []byte) {
	switch {
	case len(a.log) == 0:
		w.markDirty(a)
		a.since = m.At
	case a.passActive && a.next.IsZero():
		a.next = m.At
	}
	a.log = append(append(a.log, frame...), along...)
}

// markDirty notes that a room has something new. Where there is a time for each pass, it is for the next one.
func (w *Writer) markDirty(a *fanoutGroup) {
	if w.passing && w.set.FlushInterval > 0 {
		w.nextPass = append(w.nextPass, a)
		return
	}
	w.dirty = append(w.dirty, a)
}

func (w *Writer) onJoinGroup(m *JoinGroup) {
	s := &m.Client.out
	if s.detached || s.closeAt != 0 { // its close frame was the last
		return
	}
	w.sendTo(m.Client, m.Frame)
	key := groupKey{m.Room, m.Client.Compressed}
	a := w.audiences[key]
	if a == nil {
		a = &fanoutGroup{groupKey: key}
		w.audiences[key] = a
	}
	for _, in := range s.groups {
		if in.aud == a {
			return
		}
	}
	s.groups = append(s.groups, groupRef{a, len(a.members)})
	a.members = append(a.members, groupMember{m.Client, a.endOffset()})
}

// removeFromGroup takes the client out of the audience; it still gets what was broadcast before.
func (w *Writer) removeFromGroup(c *Client, room string) {
	for i, in := range c.out.groups {
		if in.aud.room != room {
			continue
		}
		if rest := in.aud.unsent(&in.aud.members[in.at]); len(rest) > 0 && !c.out.detached {
			w.queueShare(c, rest)
		}
		w.remove(in.aud, in.at)
		last := len(c.out.groups) - 1
		c.out.groups[i] = c.out.groups[last]
		c.out.groups = c.out.groups[:last]
		return
	}
}

// remove closes the gap at a member's place, and leaves those whom the lap has not come to behind its cursor.
func (w *Writer) remove(a *fanoutGroup, at int) {
	if at < a.cursor {
		a.cursor--
		a.move(a.cursor, at)
		at = a.cursor
	}
	last := len(a.members) - 1
	a.move(last, at)
	a.members[last] = groupMember{}
	a.members = a.members[:last]
	if last == 0 && len(a.log) == 0 {
		delete(w.audiences, a.groupKey)
	}
}

// move puts the member at from in the place to.
func (a *fanoutGroup) move(from, to int) {
	if from == to {
		return
	}
	moved := a.members[from]
	a.members[to] = moved
	for i := range moved.client.out.groups {
		if in := &moved.client.out.groups[i]; in.aud == a {
			in.at = to
		}
	}
}
