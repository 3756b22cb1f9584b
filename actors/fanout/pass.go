package fanout

import (
	"time"

	"chatnode/actors/process"
)

// turnWrites is how many writes a writer makes before it looks into its mailbox again: a millisecond or
// two. So a room with very many members holds up nobody's ack and no other room, and what is told while
// the writer goes over its members is taken along.
const turnWrites = 256

// slice is one turn of a pass: of each room that has something new, the writer goes on with its lap over the
// members; then it writes what clients have alone. What it does not get done goes on in its next turn, the
// rooms that it has not come to before the others.
func (w *Writer) slice() {
	budget := w.turn
	rest := w.standby
	for i, a := range w.dirty {
		if budget <= 0 {
			rest = append(rest, w.dirty[i:]...)
			break
		}
		budget -= w.walk(a, budget)
	}
	rest = append(rest, w.later...)
	w.later = process.DropAll(w.later)
	w.dirty, w.standby = rest, process.DropAll(w.dirty)
	w.own()
	w.goOn()
}

// goOn sees to it that a pass that is not done goes on, and that what was told after it had begun is not
// forgotten.
func (w *Writer) goOn() {
	w.passing = len(w.dirty) > 0
	if !w.passing && len(w.held) > 0 {
		w.dirty, w.held = w.held, w.dirty
		w.passing = w.due()
	}
	if w.passing && !w.walking {
		w.walking = true
		w.self.Post(walk{})
	}
}

// walk goes on with a room's lap, or begins one: at most so many writes. It returns how many it has made.
func (w *Writer) walk(a *audience, most int) (writes int) {
	if !a.lap {
		a.begin()
	}
	bytes := 0
	for a.cursor < len(a.members) && writes < most {
		m := &a.members[a.cursor]
		a.cursor++
		if share := a.share(m); len(share) > 0 {
			writes++
			bytes += len(share)
			w.give(a, m.client, share)
		}
	}
	w.stats.Writes.Add(uint64(writes))
	w.stats.Bytes.Add(uint64(bytes))
	if a.cursor < len(a.members) {
		w.later = append(w.later, a)
		return writes
	}
	w.stats.Passes.Add(1)
	w.stats.FanOut.Observe(time.Since(a.since))
	switch more := a.finish(); {
	case more && w.set.FlushInterval > 0:
		w.held = append(w.held, a)
	case more:
		w.later = append(w.later, a)
	case len(a.members) == 0:
		delete(w.audiences, a.audienceKey)
	}
	return writes
}

// give is one member's share of the room's frames, in one write.
func (w *Writer) give(a *audience, c *Client, share []byte) {
	switch {
	case c.wire.out != nil:
		w.queueShare(c, share) // behind the frames of its own, in one write with them
	case c.wire.outbox != nil:
		w.toOutbox(c, a.lend(share))
	default:
		if n, err := c.Socket.TryWrite(share); n < len(share) && err == nil {
			w.slow(c, a.lend(share), n)
		}
	}
}

// own writes what clients have alone, and lets those leave their rooms who were cut.
func (w *Writer) own() {
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
	w.leaving = process.DropAll(w.leaving)
}

func (w *Writer) passClient(c *Client) {
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
		if n, err := c.Socket.TryWrite(out); n < len(out) && err == nil {
			w.slow(c, append([]byte(nil), out...), n)
		}
	}
	if s.owned && cap(out) <= keepBuffer && len(w.spare) < 64 {
		w.spare = append(w.spare, out)
	}
}
