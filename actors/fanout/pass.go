package fanout

import (
	"time"

	"chatnode/actors/process"
)

// maxWritesPerTurn is how many writes a writer makes before it looks into its mailbox again: a millisecond or
// two. So a room with very many members holds up nobody's ack and no other room, and what is told while
// the writer goes over its members is taken along.
const maxWritesPerTurn = 256

// runPass is one turn of a pass: of each room that has something new, the writer goes on with its lap over the
// members; then it writes what clients have alone. What it does not get done goes on in its next turn, the
// rooms that it has not come to before the others.
func (w *Writer) runPass() {
	budget := w.turn
	rest := w.standby
	for i, a := range w.dirty {
		if budget <= 0 {
			rest = append(rest, w.dirty[i:]...)
			break
		}
		budget -= w.writeGroup(a, budget)
	}
	rest = append(rest, w.unfinished...)
	w.unfinished = process.DropAll(w.unfinished)
	w.dirty, w.standby = rest, process.DropAll(w.dirty)
	w.flushUnicasts()
	w.schedulePass()
}

// schedulePass sees to it that a pass that is not done goes on, and that what was told after it had begun is not
// forgotten.
func (w *Writer) schedulePass() {
	w.passing = len(w.dirty) > 0
	if !w.passing && len(w.nextPass) > 0 {
		w.dirty, w.nextPass = w.nextPass, w.dirty
		w.passing = w.passDue()
	}
	if w.passing && !w.walking {
		w.walking = true
		w.self.Post(passTick{})
	}
}

// writeGroup goes on with a room's lap, or begins one: at most so many writes. It returns how many it has made.
func (w *Writer) writeGroup(a *fanoutGroup, most int) (writes int) {
	if !a.passActive {
		a.beginPass()
	}
	bytes := 0
	for a.cursor < len(a.members) && writes < most {
		m := &a.members[a.cursor]
		a.cursor++
		if share := a.unsent(m); len(share) > 0 {
			writes++
			bytes += len(share)
			w.writeMember(a, m.client, share)
		}
	}
	w.stats.Writes.Add(uint64(writes))
	w.stats.Bytes.Add(uint64(bytes))
	if a.cursor < len(a.members) {
		w.unfinished = append(w.unfinished, a)
		return writes
	}
	w.stats.Passes.Add(1)
	w.stats.FanOut.Observe(time.Since(a.since))
	switch more := a.endPass(); {
	case more && w.set.FlushInterval > 0:
		w.nextPass = append(w.nextPass, a)
	case more:
		w.unfinished = append(w.unfinished, a)
	case len(a.members) == 0:
		delete(w.audiences, a.groupKey)
	}
	return writes
}

// writeMember is one member's share of the room's frames, in one write.
func (w *Writer) writeMember(a *fanoutGroup, c *Client, share []byte) {
	switch {
	case c.out.out != nil:
		w.queueShare(c, share) // behind the frames of its own, in one write with them
	case c.out.outbox != nil:
		w.appendOutbox(c, a.shareBuffer(share))
	default:
		if n, err := c.Socket.TryWrite(share); n < len(share) && err == nil {
			w.startOutbox(c, a.shareBuffer(share), n)
		}
	}
}

// flushUnicasts writes what clients have alone, and lets those leave their rooms who were cut.
func (w *Writer) flushUnicasts() {
	for i, c := range w.unicastClients {
		w.flushClient(c)
		w.unicastClients[i] = nil
	}
	w.unicastClients = w.unicastClients[:0]
	for _, c := range w.closingClients {
		for len(c.out.groups) > 0 {
			w.removeFromGroup(c, c.out.groups[0].aud.room)
		}
	}
	w.closingClients = process.DropAll(w.closingClients)
}

func (w *Writer) flushClient(c *Client) {
	s := &c.out
	out := s.out
	s.out = nil
	if s.detached {
		return
	}
	w.stats.Writes.Add(1)
	w.stats.Bytes.Add(uint64(len(out)))
	switch {
	case s.outbox != nil:
		w.appendOutbox(c, append([]byte(nil), out...))
	default:
		if n, err := c.Socket.TryWrite(out); n < len(out) && err == nil {
			w.startOutbox(c, append([]byte(nil), out...), n)
		}
	}
	if s.owned && cap(out) <= maxRetainedBuffer && len(w.spare) < 64 {
		w.spare = append(w.spare, out)
	}
}
