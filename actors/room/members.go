package room

import (
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// joined takes a client in, or lets it wait until the room is open and has caught up with what the
// client has seen elsewhere.
func (r *Room) joined(m *Join) {
	if !r.open || r.readsFor(m.Client) || (m.HasSince && m.Since.Epoch == r.state.Epoch && r.behind(m)) {
		r.waiting = append(r.waiting, m)
		return
	}
	r.admit(m)
}

// readsFor reports whether the log is being read for an earlier join of the client: its joins are
// answered in order.
func (r *Room) readsFor(c *fanout.Client) bool {
	return slices.ContainsFunc(r.waiting, func(w *Join) bool { return w.reading && !w.gone && w.Client == c })
}

// behind reports whether the client has seen more than the room, and lets the room look for it.
func (r *Room) behind(m *Join) bool {
	if m.waited || !r.state.Exists(m.Since.Epoch, m.Since.Seq) {
		return false
	}
	m.waited = true
	r.state.Stale()
	r.effects()
	return r.state.Last < m.Since.Seq
}

func (r *Room) admitWaiting() {
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
			m.Client.Session.Release(fanout.JoinSlots)
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
func (r *Room) admit(m *Join) {
	if !m.HasSince || m.Since.Epoch != r.state.Epoch || m.Since.Seq > r.state.Last || r.core.Link.Degraded() {
		// cut off from the log, the room cannot know whether the client's position is on its own line
		r.admitFresh(m)
		return
	}
	if missed, ok := r.state.Ring.Resume(m.Since.Seq, r.state.Last); ok {
		r.resume(m, missed)
		return
	}
	if r.state.Last-m.Since.Seq > maxResume {
		r.admitFresh(m)
		return
	}
	q := chat.Query{Room: r.name, After: seenBefore(m), Limit: maxResume + 1}
	if r.core.Store.Tell(&readLog{query: q, resume: m, reply: r.Self}) != nil {
		r.admitFresh(m)
		return
	}
	m.reading = true
	r.waiting = append(r.waiting, m)
}

// seenBefore is the place before the last entry that a client has seen. What it has missed is read together with
// that entry, which must be there still: see ring.resume.
func seenBefore(m *Join) uint64 { return max(m.Since.Seq, 1) - 1 }

// resumed is the page of the log that a resume waited for.
func (r *Room) resumed(m *logRead) {
	defer r.admitWaiting()
	p, j := m.page, m.resume
	r.waiting = slices.DeleteFunc(r.waiting, func(w *Join) bool { return w == j })
	if j.gone {
		j.Client.Session.Release(fanout.JoinSlots)
		return
	}
	if m.err != nil || p.Epoch != r.state.Epoch || !p.Follows(seenBefore(j)) {
		r.admitFresh(j)
		return
	}
	missed := p.Entries[j.Since.Seq-seenBefore(j):]
	for len(missed) > 0 && missed[len(missed)-1].Seq > r.state.Last {
		missed = missed[:len(missed)-1]
	}
	upTo := j.Since.Seq + uint64(len(missed))
	rest, ok := r.state.Ring.After(upTo, r.state.Last)
	if !ok {
		r.admitFresh(j)
		return
	}
	r.resume(j, append(missed, rest...))
}

// resume answers with what was missed, or with the newest history where that is more than a connection
// takes at once.
func (r *Room) resume(m *Join, missed []chat.Entry) {
	if fanout.ThatFit(len(missed), fanout.Budget(r.core.Set.OutboxBytes).Missed(), func(i int) int { return fanout.SizeOf(&missed[i].Message) }) < len(missed) {
		r.admitFresh(m)
		return
	}
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.state.At(), true, len(missed)))
	for i := range missed {
		out = append(out, fanout.Seal(appendEntry(fanout.Begin(), r.name, &missed[i]))...)
	}
	r.enter(m, r.withProvisional(out))
}

// admitFresh answers with joined and the newest page of history.
func (r *Room) admitFresh(m *Join) {
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.state.At(), false, 0))
	r.enter(m, r.withProvisional(append(out[:len(out):len(out)], r.newest()...)))
}

// withProvisional adds what only this node's journal holds, the newest of it: a long outage's journal is
// more than a connection takes at once, and whoever joined would be cut as a slow consumer.
func (r *Room) withProvisional(out []byte) []byte {
	newest := r.provisional.newest(r.core.Set.Recent, fanout.Budget(r.core.Set.OutboxBytes).Provisional())
	for i := range newest {
		out = append(out, fanout.Seal(appendProvisional(fanout.Begin(), r.name, &newest[i]))...)
	}
	return out
}

// newest is the history that a fresh join gets. It is the same for all, and made once for all that
// come between two changes.
func (r *Room) newest() []byte {
	if r.history == nil {
		data, more, ok := r.state.Ring.Newest(0, DefaultPage)
		if !ok {
			data, more = r.state.Ring.Tail(DefaultPage), true
		}
		r.history = fanout.Budget(r.core.Set.OutboxBytes).HistoryFrame("", r.name, r.state.At(), data, more)
	}
	return r.history
}

func (r *Room) enter(m *Join, frames []byte) {
	c := m.Client
	if _, in := r.members[c]; !in {
		r.Lanes[c.Lane]++
		r.members[c] = m.Identity.Role
		r.membersChanged()
		r.core.Presence.Post(presence.HereIn(r.name, &m.Identity))
	}
	c.Session.Post(Entered{r.name, r.Self})
	c.Writer.Post(&fanout.Enter{Room: r.name, Client: c, Frame: append(frames[:len(frames):len(frames)], r.present.frame...)})
}

func (r *Room) left(m Leave) {
	r.unwait(m)
	if role, in := r.members[m.Client]; in {
		delete(r.members, m.Client)
		r.membersChanged()
		r.Lanes[m.Client.Lane]--
		r.core.Presence.Post(presence.Away{Room: r.name, UserID: m.Client.UserID, Role: role})
		if len(r.members) == 0 {
			r.empty = time.Now()
		}
	}
	if !m.Silent {
		m.Client.Writer.Post(&fanout.Exit{Room: r.name, Client: m.Client, Frame: fanout.Seal(wire.AppendLeft(fanout.Begin(), m.Id, r.name))})
	}
	r.makeRoom()
}

// unwait lets the joins of a client that leaves wait for nothing. Their slots are given back when the log has
// been read that they asked for, or one client could have it read for any number of rooms at a time.
func (r *Room) unwait(m Leave) {
	r.waiting = slices.DeleteFunc(r.waiting, func(w *Join) bool {
		if w.Client != m.Client {
			return false
		}
		if !w.gone {
			w.gone = true
			w.Client.Session.Post(Overtaken{})
		}
		if w.reading || !r.open && !m.Silent {
			return false
		}
		w.Client.Session.Release(fanout.JoinSlots)
		return true
	})
}

// identified takes over what a client's new token says of its user. Those who still wait come in by it.
func (r *Room) identified(m Identified) {
	m.Client.Session.Release(1)
	for _, w := range r.waiting {
		if w.Client == m.Client {
			w.Identity = m.Identity
		}
	}
	if was, in := r.members[m.Client]; in {
		r.members[m.Client] = m.Identity.Role
		r.core.Presence.Post(presence.HereIn(r.name, &m.Identity))
		r.core.Presence.Post(presence.Away{Room: r.name, UserID: m.Client.UserID, Role: was})
	}
}
