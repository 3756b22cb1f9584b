package fanout

import (
	"time"

	"chatnode/actors/process"
)

// maxWritesPerTurn is the number of writes after which the writer checks its mailbox again; they take 1 to 2 ms. So a
// very large room delays neither acks nor other rooms.
const maxWritesPerTurn = 256

// onPassTick clears the flag only, because every batch continues the pass. onFlushTick does the same.
func (w *Writer) onPassTick() { w.passPosted = false }

func (w *Writer) onFlushTick() { w.flushPending = false }

// canStartPass reports whether a new pass may start now. If it may not, flushTick follows.
func (w *Writer) canStartPass() bool {
	if w.config.FlushInterval == 0 {
		return true
	}
	now := time.Now()
	if wait := w.config.FlushInterval - now.Sub(w.lastPassAt); wait > 0 {
		if !w.flushPending {
			w.flushPending = true
			w.self.PostAfter(wait, &flushTick{})
		}
		return false
	}
	w.lastPassAt = now
	return true
}

// runPass runs one turn of a pass, with at most maxWrites writes to members. Then it writes the frames of single
// clients. The next turn starts with the groups that this one did not visit.
func (w *Writer) runPass() {
	budget := w.maxWrites
	rest := w.standby
	for i, g := range w.dirty {
		if budget <= 0 {
			rest = append(rest, w.dirty[i:]...)
			break
		}
		budget -= w.writeGroup(g, budget)
	}
	rest = append(rest, w.unfinished...)
	w.unfinished = process.DropAll(w.unfinished)
	w.dirty, w.standby = rest, process.DropAll(w.dirty)
	w.flushUnicasts()
	w.schedulePass()
}

// schedulePass posts passTick if the pass is not finished, or if the groups in nextPass may be written now.
func (w *Writer) schedulePass() {
	w.passPending = len(w.dirty) > 0
	if !w.passPending && len(w.nextPass) > 0 {
		w.dirty, w.nextPass = w.nextPass, w.dirty
		w.passPending = w.canStartPass()
	}
	if w.passPending && !w.passPosted {
		w.passPosted = true
		w.self.Post(&passTick{})
	}
}

// writeGroup starts or continues the pass over one group. It returns the number of writes, at most maxWrites.
func (w *Writer) writeGroup(g *group, maxWrites int) (writes int) {
	if !g.passActive {
		g.beginPass()
	}
	bytes := 0
	for g.cursor < len(g.members) && writes < maxWrites {
		i := g.cursor
		g.cursor++
		if unsent := g.takeUnsent(i); len(unsent) > 0 {
			writes++
			bytes += len(unsent)
			w.writeMember(g, g.members[i].client, unsent)
		}
	}
	w.stats.Writes.Add(uint64(writes))
	w.stats.Bytes.Add(uint64(bytes))
	if g.cursor < len(g.members) {
		w.unfinished = append(w.unfinished, g)
		return writes
	}
	w.endPass(g)
	return writes
}

func (w *Writer) endPass(g *group) {
	w.stats.Passes.Add(1)
	w.stats.FanOut.Observe(time.Since(g.firstAt))
	switch more := g.endPass(); {
	case more && w.config.FlushInterval > 0:
		w.nextPass = append(w.nextPass, g)
	case more:
		w.unfinished = append(w.unfinished, g)
	case len(g.members) == 0:
		delete(w.groups, g.groupKey)
	}
}

// writeMember writes frames of the group to one member. If the client also has unicast frames, both are sent
// in one write.
func (w *Writer) writeMember(g *group, c *Client, unsent []byte) {
	switch {
	case c.out.frames != nil:
		w.queueCopy(c, unsent)
	case c.out.outbox != nil:
		w.appendOutbox(c, g.share(unsent))
	default:
		if n, err := c.Socket.TryWrite(unsent); n < len(unsent) && err == nil {
			w.startOutbox(c, g.share(unsent), n)
		}
	}
}
