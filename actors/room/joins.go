package room

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/wire"
)

// joinQueue contains the joins that wait until the room is open, has caught up with the position of the client, or
// has read the entries that the client missed. A waiting join holds fanout.JoinSlots of the client's session.
type joinQueue struct{ waiting []*JoinRequest }

func (q *joinQueue) idle() bool { return len(q.waiting) == 0 }

func (q *joinQueue) add(m *JoinRequest) { q.waiting = append(q.waiting, m) }

// take removes and returns all joins.
func (q *joinQueue) take() []*JoinRequest {
	waiting := q.waiting
	q.waiting = nil
	return waiting
}

func (q *joinQueue) remove(m *JoinRequest) {
	q.waiting = slices.DeleteFunc(q.waiting, func(w *JoinRequest) bool { return w == m })
}

// isReading reports whether the log is being read for an earlier join of the client. Its joins are answered in order.
func (q *joinQueue) isReading(c *fanout.Client) bool {
	return slices.ContainsFunc(q.waiting, func(w *JoinRequest) bool { return w.reading && !w.canceled && w.Client == c })
}

// cancel cancels the joins of a client that leaves. Joins whose log read is in progress stay until it ends, and so do
// all joins if removeIdle is false. They keep their slots, so that a client cannot have the log read for any number
// of rooms at the same time.
func (q *joinQueue) cancel(c *fanout.Client, removeIdle bool) {
	q.waiting = slices.DeleteFunc(q.waiting, func(w *JoinRequest) bool {
		if w.Client != c {
			return false
		}
		if !w.canceled {
			w.canceled = true
			w.Client.Session.Post(&JoinCanceled{})
		}
		if w.reading || !removeIdle {
			return false
		}
		w.freeSlots()
		return true
	})
}

func (q *joinQueue) setIdentity(c *fanout.Client, id chat.Identity) {
	for _, w := range q.waiting {
		if w.Client == c {
			w.Identity = id
		}
	}
}

// closeAll closes the clients of all joins.
func (q *joinQueue) closeAll(code uint16, reason string) {
	for _, m := range q.waiting {
		if !m.canceled {
			m.Client.Close(code, reason)
		}
		m.freeSlots()
	}
}

func (m *JoinRequest) freeSlots() { m.Client.Session.FreeSlots(fanout.JoinSlots) }

// readAfter returns the seq after which the log is read for a resume. The read includes the last entry that the
// client has seen, which the log must still have: see timeline.Resume.
func (m *JoinRequest) readAfter() uint64 { return max(m.Since.Seq, 1) - 1 }

// onJoin admits a client. The join waits if the room is not open or has not caught up with the position of the
// client, which may come from another node.
func (r *Room) onJoin(m *JoinRequest) {
	if !r.reader.open || r.joins.isReading(m.Client) || (m.HasSince && m.Since.Epoch == r.timeline.Epoch() && r.waitsForPosition(m)) {
		r.joins.add(m)
		return
	}
	r.admit(m)
}

// waitsForPosition reports whether the client has seen later entries than the room. The first call for a join reads
// them from the log.
func (r *Room) waitsForPosition(m *JoinRequest) bool {
	if m.refreshed || !r.timeline.Observe(m.Since.Epoch, m.Since.Seq) {
		return false
	}
	m.refreshed = true
	r.timeline.Refresh()
	r.applyEffects()
	return r.timeline.ShownSeq() < m.Since.Seq
}

// admitWaiting handles all waiting joins again, except those whose log read is in progress.
func (r *Room) admitWaiting() {
	if !r.reader.open {
		return
	}
	waiting := r.joins.take()
	for _, m := range waiting {
		switch {
		case m.reading:
			r.joins.add(m)
		case m.canceled:
			m.freeSlots()
		default:
			r.onJoin(m)
		}
	}
	if len(waiting) > 0 {
		r.retireIfCrowded()
	}
}

// admit answers a join with the entries that the client missed, or with the newest history if its position cannot be
// resumed. While the log is unavailable no position can be resumed, because the client may have seen other entries.
// The answer and the membership are one message to the writer, so that no broadcast is sent between them.
func (r *Room) admit(m *JoinRequest) {
	if !m.HasSince || m.Since.Epoch != r.timeline.Epoch() || m.Since.Seq > r.timeline.ShownSeq() || r.deps.Health.Degraded() {
		r.joinWithHistory(m)
		return
	}
	if missed, ok := r.timeline.Resume(m.Since.Seq); ok {
		r.joinWithMissed(m, missed)
		return
	}
	if r.timeline.ShownSeq()-m.Since.Seq > maxResume {
		r.joinWithHistory(m)
		return
	}
	q := chat.Query{Room: r.name, After: m.readAfter(), Limit: maxResume + 1}
	if r.deps.Store.TryPost(&logPageRequest{query: q, resume: m, reply: r.self}) != nil {
		r.joinWithHistory(m)
		return
	}
	m.reading = true
	r.joins.add(m)
}

// onResumePage answers the join for which a page of the log was read.
func (r *Room) onResumePage(m *logPageResult) {
	defer r.admitWaiting()
	p, j := m.page, m.resume
	r.joins.remove(j)
	if j.canceled {
		j.freeSlots()
		return
	}
	if m.err != nil || p.Epoch != r.timeline.Epoch() || !p.Follows(j.readAfter()) {
		r.joinWithHistory(j)
		return
	}
	missed := p.Entries[j.Since.Seq-j.readAfter():]
	for len(missed) > 0 && missed[len(missed)-1].Seq > r.timeline.ShownSeq() {
		missed = missed[:len(missed)-1]
	}
	rest, ok := r.timeline.After(j.Since.Seq + uint64(len(missed)))
	if !ok {
		r.joinWithHistory(j)
		return
	}
	r.joinWithMissed(j, append(missed, rest...))
}

// joinWithMissed answers a join with the entries that the client missed. If they exceed the size of an answer, it
// answers with the newest history.
func (r *Room) joinWithMissed(m *JoinRequest, missed []chat.Entry) {
	if fanout.CountFitting(len(missed), r.deps.Config.OutboxBytes.Missed(), func(i int) int { return fanout.FrameSize(&missed[i].Message) }) < len(missed) {
		r.joinWithHistory(m)
		return
	}
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.timeline.Position(), true, len(missed)))
	for i := range missed {
		out = append(out, fanout.Seal(appendEntry(fanout.Begin(), r.name, &missed[i]))...)
	}
	r.addMember(m, r.appendProvisionals(out))
}

// joinWithHistory answers a join with the newest page of the history.
func (r *Room) joinWithHistory(m *JoinRequest) {
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.timeline.Position(), false, 0))
	r.addMember(m, r.appendProvisionals(append(out[:len(out):len(out)], r.historySnapshot()...)))
}

// appendProvisionals appends frames for the newest provisional entries. After a long outage all of them would exceed
// the outbox, and the new member would be disconnected as a slow consumer.
func (r *Room) appendProvisionals(out []byte) []byte {
	newest := r.provisional.newest(r.deps.Config.Recent, r.deps.Config.OutboxBytes.Provisional())
	for i := range newest {
		out = append(out, fanout.Seal(appendProvisional(fanout.Begin(), r.name, &newest[i]))...)
	}
	return out
}

// historySnapshot returns the frame with the newest page of the history. All joins between two changes share it.
func (r *Room) historySnapshot() []byte {
	if r.historyFrame == nil {
		data, more, ok := r.timeline.Newest(0, DefaultPage)
		if !ok {
			data, more = r.timeline.Tail(DefaultPage), true
		}
		r.historyFrame = r.deps.Config.OutboxBytes.HistoryFrame("", r.name, r.timeline.Position(), data, more)
	}
	return r.historyFrame
}
