package actors

import "time"

// audience is the writer's share of a room's members. Those who take compressed frames are one of their own.
type audience struct {
	audienceKey
	members []member
	buf     []byte    // the frames of this pass
	copied  []byte    // buf once more, for those whose outbox keeps it
	since   time.Time // when the first of them was told
}

type audienceKey struct {
	room       string
	compressed bool
}

// member is one client in an audience. from is where in the audience's buffer its share begins.
type member struct {
	client *Client
	from   int
}

// membership is the way back: where a client stands in an audience.
type membership struct {
	aud *audience
	at  int
}

// broadcast lays a frame behind the others that the room has in this pass. It is compressed once, if at
// all, for all who take it so.
func (w *writer) broadcast(m *broadcast) {
	if a := w.audiences[audienceKey{m.room, false}]; a != nil {
		w.lay(a, m.frame, m)
	}
	if w.set.Deflate == nil {
		return
	}
	if a := w.audiences[audienceKey{m.room, true}]; a != nil {
		w.lay(a, w.set.Deflate(m.frame), m)
	}
}

func (w *writer) lay(a *audience, frame []byte, m *broadcast) {
	if len(a.buf) == 0 {
		w.dirty = append(w.dirty, a)
		a.since = m.at
	}
	a.buf = append(a.buf, frame...)
}

func (w *writer) enter(m *enter) {
	s := &m.client.wire
	if s.dead {
		return
	}
	w.unicast(m.client, m.frame)
	key := audienceKey{m.room, m.client.compressed}
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
	a.members = append(a.members, member{m.client, len(a.buf)})
}

// exit takes the client out of the audience; it still gets what was broadcast before.
func (w *writer) exit(c *Client, room string) {
	for i, in := range c.wire.in {
		if in.aud.room != room {
			continue
		}
		if rest := in.aud.buf[in.aud.members[in.at].from:]; len(rest) > 0 && !c.wire.dead {
			w.queue(c, rest)
		}
		w.remove(in.aud, in.at)
		last := len(c.wire.in) - 1
		c.wire.in[i] = c.wire.in[last]
		c.wire.in = c.wire.in[:last]
		return
	}
}

// remove fills the place at with the last member.
func (w *writer) remove(a *audience, at int) {
	last := len(a.members) - 1
	moved := a.members[last]
	a.members[at] = moved
	a.members[last] = member{}
	a.members = a.members[:last]
	if at != last {
		for i := range moved.client.wire.in {
			if in := &moved.client.wire.in[i]; in.aud == a {
				in.at = at
			}
		}
	}
	if last == 0 && len(a.buf) == 0 {
		delete(w.audiences, a.audienceKey)
	}
}

// keep is a copy of the pass's frames that outlives it, made once for all that need one.
func (a *audience) keep() []byte {
	if a.copied == nil {
		a.copied = append([]byte(nil), a.buf...)
	}
	return a.copied
}
