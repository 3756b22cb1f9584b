package fanout

import (
	"time"
)

// audience is the writer's share of a room's members, and what they have not all had of the room's
// frames. Those who take compressed frames are one of their own.
//
// The writer goes over the members in laps. Each member it comes to is given all that there is by then, also
// what was told since the lap began; so a lap that has begun takes along what comes, and who was passed
// by gets it in the next one.
type audience struct {
	audienceKey
	members []member
	log     []byte // frames that somebody has not had yet
	base    uint64 // place of log's first byte in all that the room has told
	lent    bool   // an outbox holds a part of log: its array is not written over

	lap    bool      // under way
	cursor int       // of the lap: the members before it have been come to
	goal   uint64    // where log ended when the lap began: every member has had that much at its end
	since  time.Time // when the first of the frames was told that the lap is for
	next   time.Time // the same for those told since it began
}

type audienceKey struct {
	room       string
	compressed bool
}

// member is one client in an audience. had is how much it has had of all that the room has told.
type member struct {
	client *Client
	had    uint64
}

// membership is the way back: where a client stands in an audience.
type membership struct {
	aud *audience
	at  int
}

// end is the place of the next frame.
func (a *audience) end() uint64 { return a.base + uint64(len(a.log)) }

// share is what m has not had yet. From here on it counts as had.
func (a *audience) share(m *member) []byte {
	share := a.log[m.had-a.base:]
	m.had += uint64(len(share))
	return share
}

// lend is share for somebody who keeps it.
func (a *audience) lend(share []byte) []byte {
	a.lent = true
	return share[:len(share):len(share)]
}

// begin starts a lap.
func (a *audience) begin() {
	a.lap, a.cursor, a.goal = true, 0, a.end()
	if !a.next.IsZero() {
		a.since, a.next = a.next, time.Time{}
	}
}

// finish ends a lap. It forgets what all have had, and reports whether there is more for those who were
// passed by.
func (a *audience) finish() (more bool) {
	a.lap, a.cursor = false, 0
	rest := a.log[a.goal-a.base:]
	a.base = a.goal
	switch {
	case a.lent || cap(a.log) > keepBuffer:
		a.log, a.lent = append([]byte(nil), rest...), false
	default:
		a.log = append(a.log[:0], rest...)
	}
	return len(rest) > 0
}

// broadcast lays a frame behind the others of the room. It is compressed once, if at all, for all who take
// it so.
func (w *Writer) broadcast(m *Broadcast) {
	if a := w.audiences[audienceKey{m.Room, false}]; a != nil {
		w.lay(a, m, m.Frame, m.Along)
	}
	if w.set.Deflate != nil {
		if a := w.audiences[audienceKey{m.Room, true}]; a != nil {
			w.lay(a, m, w.set.Deflate(m.Frame), w.set.Deflate(m.Along))
		}
	}
	if m.Ack != nil {
		w.unicast(m.Ack.Client, m.Ack.Frame)
	}
}

func (w *Writer) lay(a *audience, m *Broadcast, frame, along []byte) {
	switch {
	case len(a.log) == 0:
		w.fresh(a)
		a.since = m.At
	case a.lap && a.next.IsZero():
		a.next = m.At
	}
	a.log = append(append(a.log, frame...), along...)
}

// fresh notes that a room has something new. Where there is a time for each pass, it is for the next one.
func (w *Writer) fresh(a *audience) {
	if w.passing && w.set.FlushInterval > 0 {
		w.held = append(w.held, a)
		return
	}
	w.dirty = append(w.dirty, a)
}

func (w *Writer) enter(m *Enter) {
	s := &m.Client.wire
	if s.dead || s.closing != 0 { // its close frame was the last
		return
	}
	w.unicast(m.Client, m.Frame)
	key := audienceKey{m.Room, m.Client.Compressed}
	a := w.audiences[key]
	if a == nil {
		a = &audience{audienceKey: key}
		w.audiences[key] = a
	}
	for _, in := range s.in {
		if in.aud == a {
			return
		}
	}
	s.in = append(s.in, membership{a, len(a.members)})
	a.members = append(a.members, member{m.Client, a.end()})
}

// exit takes the client out of the audience; it still gets what was broadcast before.
func (w *Writer) exit(c *Client, room string) {
	for i, in := range c.wire.in {
		if in.aud.room != room {
			continue
		}
		if rest := in.aud.share(&in.aud.members[in.at]); len(rest) > 0 && !c.wire.dead {
			w.queueShare(c, rest)
		}
		w.remove(in.aud, in.at)
		last := len(c.wire.in) - 1
		c.wire.in[i] = c.wire.in[last]
		c.wire.in = c.wire.in[:last]
		return
	}
}

// remove closes the gap at a member's place, and leaves those whom the lap has not come to behind its cursor.
func (w *Writer) remove(a *audience, at int) {
	if at < a.cursor {
		a.cursor--
		a.move(a.cursor, at)
		at = a.cursor
	}
	last := len(a.members) - 1
	a.move(last, at)
	a.members[last] = member{}
	a.members = a.members[:last]
	if last == 0 && len(a.log) == 0 {
		delete(w.audiences, a.audienceKey)
	}
}

// move puts the member at from in the place to.
func (a *audience) move(from, to int) {
	if from == to {
		return
	}
	moved := a.members[from]
	a.members[to] = moved
	for i := range moved.client.wire.in {
		if in := &moved.client.wire.in[i]; in.aud == a {
			in.at = to
		}
	}
}
