package actors

import "time"

// pass writes what this turn has gathered: first what clients have alone (it holds what their rooms
// had up to then), then the rooms.
func (w *writer) pass() {
	for i, a := range w.dirty {
		w.passRoom(a)
		w.dirty[i] = nil
	}
	w.dirty = w.dirty[:0]
	for i, c := range w.touched {
		w.passClient(c)
		w.touched[i] = nil
	}
	w.touched = w.touched[:0]
	for _, c := range w.leaving {
		for len(c.wire.in) > 0 {
			w.exit(c, c.wire.in[0].aud.room)
		}
	}
	w.leaving = dropAll(w.leaving)
}

// passRoom gives every member its share of the room's frames, in one write each.
func (w *writer) passRoom(a *audience) {
	w.stats.Passes.Add(1)
	w.stats.Writes.Add(uint64(len(a.members)))
	w.stats.Bytes.Add(uint64(len(a.members) * len(a.buf)))
	for i := range a.members {
		m := &a.members[i]
		c, share := m.client, a.buf[m.from:]
		if m.from != 0 {
			m.from = 0
		}
		switch {
		case len(share) == 0:
		case c.wire.out != nil:
			w.queue(c, share) // behind the frames of its own, in one write with them
		case c.wire.outbox != nil:
			w.toOutbox(c, a.keep()[len(a.buf)-len(share):])
		default:
			if n, err := c.socket.TryWrite(share); n < len(share) && err == nil {
				w.slow(c, a.keep()[len(a.buf)-len(share):], n)
			}
		}
	}
	w.stats.FanOut.Observe(time.Since(a.since))
	a.copied = nil
	if a.buf = a.buf[:0]; cap(a.buf) > keepBuffer {
		a.buf = nil
	}
	if len(a.members) == 0 {
		delete(w.audiences, a.audienceKey)
	}
}

func (w *writer) passClient(c *Client) {
	s := &c.wire
	out := s.out
	s.out = nil
	if s.dead {
		return
	}
	w.stats.Writes.Add(1)
	w.stats.Bytes.Add(uint64(len(out)))
	switch {
	case s.outbox != nil:
		w.toOutbox(c, append([]byte(nil), out...))
	default:
		if n, err := c.socket.TryWrite(out); n < len(out) && err == nil {
			w.slow(c, append([]byte(nil), out...), n)
		}
	}
	if s.owned && cap(out) <= keepBuffer && len(w.spare) < 64 {
		w.spare = append(w.spare, out)
	}
}
