package actors

import (
	"slices"
	"time"

	"chatnode/actors/wire"
)

// joined takes a client in, or lets it wait until the room is open and has caught up with what the
// client has seen elsewhere.
func (r *room) joined(m *join) {
	if !r.open || r.readsFor(m.client) || (m.hasSince && m.since.Epoch == r.state.epoch && r.behind(m)) {
		r.waiting = append(r.waiting, m)
		return
	}
	r.admit(m)
}

// readsFor reports whether the log is being read for an earlier join of the client: its joins are
// answered in order.
func (r *room) readsFor(c *Client) bool {
	return slices.ContainsFunc(r.waiting, func(w *join) bool { return w.reading && !w.gone && w.client == c })
}

// behind reports whether the client has seen more than the room, and lets the room look for it.
func (r *room) behind(m *join) bool {
	if m.waited || !r.state.exists(m.since.Epoch, m.since.Seq) {
		return false
	}
	m.waited = true
	r.state.stale()
	r.effects()
	return r.state.last < m.since.Seq
}

func (r *room) admitWaiting() {
	if !r.open {
		return
	}
	waiting := r.waiting
	r.waiting = nil
	for _, m := range waiting {
		switch {
		case m.reading:
			r.waiting = append(r.waiting, m)
		case m.gone:
			m.client.session.Release(joinSlots)
		default:
			r.joined(m)
		}
	}
	if len(waiting) > 0 {
		r.makeRoom()
	}
}

// admit answers a join: with what was missed if the position given can be resumed, else with the
// newest history. The answer and the membership are one message to the writer, so that no broadcast
// falls between.
func (r *room) admit(m *join) {
	if !m.hasSince || m.since.Epoch != r.state.epoch || m.since.Seq > r.state.last || r.core.link.degraded() {
		// cut off from the log, the room cannot know whether the client's position is on its own line
		r.admitFresh(m)
		return
	}
	if missed, ok := r.state.ring.resume(m.since.Seq, r.state.last); ok {
		r.resume(m, missed)
		return
	}
	if r.state.last-m.since.Seq > maxResume {
		r.admitFresh(m)
		return
	}
	q := Query{Room: r.name, After: seenBefore(m), Limit: maxResume + 1}
	if r.core.store.Tell(&readLog{query: q, resume: m, reply: r.self}) != nil {
		r.admitFresh(m)
		return
	}
	m.reading = true
	r.waiting = append(r.waiting, m)
}

// seenBefore is the place before the last entry that a client has seen. What it has missed is read together with
// that entry, which must be there still: see ring.resume.
func seenBefore(m *join) uint64 { return max(m.since.Seq, 1) - 1 }

// resumed is the page of the log that a resume waited for.
func (r *room) resumed(m *logRead) {
	defer r.admitWaiting()
	p, j := m.page, m.resume
	r.waiting = slices.DeleteFunc(r.waiting, func(w *join) bool { return w == j })
	if j.gone {
		j.client.session.Release(joinSlots)
		return
	}
	if m.err != nil || p.Epoch != r.state.epoch || !p.follows(seenBefore(j)) {
		r.admitFresh(j)
		return
	}
	missed := p.Entries[j.since.Seq-seenBefore(j):]
	for len(missed) > 0 && missed[len(missed)-1].Seq > r.state.last {
		missed = missed[:len(missed)-1]
	}
	upTo := j.since.Seq + uint64(len(missed))
	rest, ok := r.state.ring.after(upTo, r.state.last)
	if !ok {
		r.admitFresh(j)
		return
	}
	r.resume(j, append(missed, rest...))
}

// resume answers with what was missed, or with the newest history where that is more than a connection
// takes at once.
func (r *room) resume(m *join, missed []Entry) {
	if thatFit(len(missed), answerBudget(r.core.set.OutboxBytes).missed(), func(i int) int { return sizeOf(&missed[i].Message) }) < len(missed) {
		r.admitFresh(m)
		return
	}
	out := seal(wire.AppendJoined(begin(), m.id, r.name, r.state.at(), true, len(missed)))
	for i := range missed {
		out = append(out, seal(appendEntry(begin(), r.name, &missed[i]))...)
	}
	r.enter(m, r.withProvisional(out))
}

// admitFresh answers with joined and the newest page of history.
func (r *room) admitFresh(m *join) {
	out := seal(wire.AppendJoined(begin(), m.id, r.name, r.state.at(), false, 0))
	r.enter(m, r.withProvisional(append(out[:len(out):len(out)], r.newest()...)))
}

// withProvisional adds what only this node's journal holds, the newest of it: a long outage's journal is
// more than a connection takes at once, and whoever joined would be cut as a slow consumer.
func (r *room) withProvisional(out []byte) []byte {
	newest := r.provisional.newest(r.core.set.Recent, answerBudget(r.core.set.OutboxBytes).provisional())
	for i := range newest {
		out = append(out, seal(appendProvisional(begin(), r.name, &newest[i]))...)
	}
	return out
}

// newest is the history that a fresh join gets. It is the same for all, and made once for all that
// come between two changes.
func (r *room) newest() []byte {
	if r.history == nil {
		data, more, ok := r.state.ring.newest(0, defaultPage)
		if !ok {
			data, more = r.state.ring.tail(defaultPage), true
		}
		r.history = answerBudget(r.core.set.OutboxBytes).historyFrame("", r.name, r.state.at(), data, more)
	}
	return r.history
}

func (r *room) enter(m *join, frames []byte) {
	c := m.client
	if _, in := r.members[c]; !in {
		r.lanes[c.lane]++
		r.members[c] = m.identity.Role
		r.membersChanged()
		r.core.presence.Post(hereIn(r.name, &m.identity))
	}
	c.session.Post(entered{r.name, r.self})
	c.writer.Post(&enter{r.name, c, append(frames[:len(frames):len(frames)], r.present.frame...)})
}

func (r *room) left(m leave) {
	r.unwait(m)
	if role, in := r.members[m.client]; in {
		delete(r.members, m.client)
		r.membersChanged()
		r.lanes[m.client.lane]--
		r.core.presence.Post(away{r.name, m.client.userID, role})
		if len(r.members) == 0 {
			r.empty = time.Now()
		}
	}
	if !m.silent {
		m.client.writer.Post(&exit{r.name, m.client, seal(wire.AppendLeft(begin(), m.id, r.name))})
	}
	r.makeRoom()
}

// unwait lets the joins of a client that leaves wait for nothing. Their slots are given back when the log has
// been read that they asked for, or one client could have it read for any number of rooms at a time.
func (r *room) unwait(m leave) {
	r.waiting = slices.DeleteFunc(r.waiting, func(w *join) bool {
		if w.client != m.client {
			return false
		}
		if !w.gone {
			w.gone = true
			w.client.session.Post(overtaken{})
		}
		if w.reading || !r.open && !m.silent {
			return false
		}
		w.client.session.Release(joinSlots)
		return true
	})
}

// identified takes over what a client's new token says of its user. Those who still wait come in by it.
func (r *room) identified(m identified) {
	m.client.session.Release(1)
	for _, w := range r.waiting {
		if w.client == m.client {
			w.identity = m.identity
		}
	}
	if was, in := r.members[m.client]; in {
		r.members[m.client] = m.identity.Role
		r.core.presence.Post(hereIn(r.name, &m.identity))
		r.core.presence.Post(away{r.name, m.client.userID, was})
	}
}
