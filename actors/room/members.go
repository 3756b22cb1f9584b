package room

import (
	"slices"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/presence"
	"chatnode/actors/wire"
)

// onJoin takes a client in, or lets it wait until the room is open and has caught up with what the
// client has seen elsewhere.
func (r *Room) onJoin(m *JoinRequest) {
	if !r.open || r.hasPendingRead(m.Client) || (m.HasSince && m.Since.Epoch == r.state.Epoch && r.waitsForPosition(m)) {
		r.pendingJoins = append(r.pendingJoins, m)
		return
	}
	r.admit(m)
}

// hasPendingRead reports whether the log is being read for an earlier join of the client: its joins are
// answered in order.
func (r *Room) hasPendingRead(c *fanout.Client) bool {
	return slices.ContainsFunc(r.pendingJoins, func(w *JoinRequest) bool { return w.reading && !w.gone && w.Client == c })
}

// waitsForPosition reports whether the client has seen more than the room, and lets the room look for it.
func (r *Room) waitsForPosition(m *JoinRequest) bool {
	if m.waited || !r.state.Observe(m.Since.Epoch, m.Since.Seq) {
		return false
	}
	m.waited = true
	r.state.Refresh()
	r.applyEffects()
	return r.state.ShownSeq < m.Since.Seq
}

func (r *Room) admitWaiting() {
	if !r.open {
		return
	}
	waiting := r.pendingJoins
	r.pendingJoins = nil
	for _, m := range waiting {
		switch {
		case m.reading:
			r.pendingJoins = append(r.pendingJoins, m)
		case m.gone:
			m.Client.Session.FreeSlots(fanout.JoinSlots)
		default:
			r.onJoin(m)
		}
	}
	if len(waiting) > 0 {
		r.retireIfCrowded()
	}
}

// admit answers a join: with what was missed if the position given can be resumed, else with the
// newest history. The answer and the membership are one message to the writer, so that no broadcast
// falls between.
func (r *Room) admit(m *JoinRequest) {
	if !m.HasSince || m.Since.Epoch != r.state.Epoch || m.Since.Seq > r.state.ShownSeq || r.core.Link.Degraded() {
		// cut off from the log, the room cannot know whether the client's position is on its own line
		r.joinWithHistory(m)
		return
	}
	if missed, ok := r.state.Ring.Resume(m.Since.Seq, r.state.ShownSeq); ok {
		r.joinWithMissed(m, missed)
		return
	}
	if r.state.ShownSeq-m.Since.Seq > maxResume {
		r.joinWithHistory(m)
		return
	}
	q := chat.Query{Room: r.name, After: resumeAfter(m), Limit: maxResume + 1}
	if r.core.Store.TryPost(&logPageRequest{query: q, resume: m, reply: r.Self}) != nil {
		r.joinWithHistory(m)
		return
	}
	m.reading = true
	r.pendingJoins = append(r.pendingJoins, m)
}

// resumeAfter is the place before the last entry that a client has seen. What it has missed is read together with
// that entry, which must be there still: see ring.resume.
func resumeAfter(m *JoinRequest) uint64 { return max(m.Since.Seq, 1) - 1 }

// onResumePage is the page of the log that a resume waited for.
func (r *Room) onResumePage(m *logPageResult) {
	defer r.admitWaiting()
	p, j := m.page, m.resume
	r.pendingJoins = slices.DeleteFunc(r.pendingJoins, func(w *JoinRequest) bool { return w == j })
	if j.gone {
		j.Client.Session.FreeSlots(fanout.JoinSlots)
		return
	}
	if m.err != nil || p.Epoch != r.state.Epoch || !p.Follows(resumeAfter(j)) {
		r.joinWithHistory(j)
		return
	}
	missed := p.Entries[j.Since.Seq-resumeAfter(j):]
	for len(missed) > 0 && missed[len(missed)-1].Seq > r.state.ShownSeq {
		missed = missed[:len(missed)-1]
	}
	upTo := j.Since.Seq + uint64(len(missed))
	rest, ok := r.state.Ring.After(upTo, r.state.ShownSeq)
	if !ok {
		r.joinWithHistory(j)
		return
	}
	r.joinWithMissed(j, append(missed, rest...))
}

// joinWithMissed answers with what was missed, or with the newest history where that is more than a connection
// takes at once.
func (r *Room) joinWithMissed(m *JoinRequest, missed []chat.Entry) {
	if fanout.CountFitting(len(missed), fanout.Budget(r.core.Set.OutboxBytes).Missed(), func(i int) int { return fanout.FrameSize(&missed[i].Message) }) < len(missed) {
		r.joinWithHistory(m)
		return
	}
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.state.At(), true, len(missed)))
	for i := range missed {
		out = append(out, fanout.Seal(appendEntry(fanout.Begin(), r.name, &missed[i]))...)
	}
	r.addMember(m, r.withProvisional(out))
}

// joinWithHistory answers with joined and the newest page of history.
func (r *Room) joinWithHistory(m *JoinRequest) {
	out := fanout.Seal(wire.AppendJoined(fanout.Begin(), m.Id, r.name, r.state.At(), false, 0))
	r.addMember(m, r.withProvisional(append(out[:len(out):len(out)], r.historySnapshot()...)))
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

// historySnapshot is the history that a fresh join gets. It is the same for all, and made once for all that
// come between two changes.
func (r *Room) historySnapshot() []byte {
	if r.historyFrame == nil {
		data, more, ok := r.state.Ring.Newest(0, DefaultPage)
		if !ok {
			data, more = r.state.Ring.Tail(DefaultPage), true
		}
		r.historyFrame = fanout.Budget(r.core.Set.OutboxBytes).HistoryFrame("", r.name, r.state.At(), data, more)
	}
	return r.historyFrame
}

func (r *Room) addMember(m *JoinRequest, frames []byte) {
	c := m.Client
	if _, in := r.members[c]; !in {
		r.MembersPerWriter[c.WriterIndex]++
		r.members[c] = m.Identity.Role
		r.membersChanged()
		r.core.Presence.Post(presence.NewUserEntered(r.name, &m.Identity))
	}
	c.Session.Post(&JoinAccepted{r.name, r.Self})
	c.Writer.Post(&fanout.JoinGroup{Room: r.name, Client: c, Frame: append(frames[:len(frames):len(frames)], r.presenceNotice.frame...)})
}

func (r *Room) onLeave(m LeaveRequest) {
	r.cancelJoins(m)
	if role, in := r.members[m.Client]; in {
		delete(r.members, m.Client)
		r.membersChanged()
		r.MembersPerWriter[m.Client.WriterIndex]--
		r.core.Presence.Post(presence.UserLeft{Room: r.name, UserID: m.Client.UserID, Role: role})
		if len(r.members) == 0 {
			r.emptySince = time.Now()
		}
	}
	if !m.Silent {
		m.Client.Writer.Post(&fanout.LeaveGroup{Room: r.name, Client: m.Client, Frame: fanout.Seal(wire.AppendLeft(fanout.Begin(), m.Id, r.name))})
	}
	r.retireIfCrowded()
}

// cancelJoins lets the joins of a client that leaves wait for nothing. Their slots are given back when the log has
// been read that they asked for, or one client could have it read for any number of rooms at a time.
func (r *Room) cancelJoins(m LeaveRequest) {
	r.pendingJoins = slices.DeleteFunc(r.pendingJoins, func(w *JoinRequest) bool {
		if w.Client != m.Client {
			return false
		}
		if !w.gone {
			w.gone = true
			w.Client.Session.Post(&JoinCanceled{})
		}
		if w.reading || !r.open && !m.Silent {
			return false
		}
		w.Client.Session.FreeSlots(fanout.JoinSlots)
		return true
	})
}

// onIdentityChanged takes over what a client's new token says of its user. Those who still wait come in by it.
func (r *Room) onIdentityChanged(m IdentityChanged) {
	m.Client.Session.FreeSlots(1)
	for _, w := range r.pendingJoins {
		if w.Client == m.Client {
			w.Identity = m.Identity
		}
	}
	if was, in := r.members[m.Client]; in {
		r.members[m.Client] = m.Identity.Role
		r.core.Presence.Post(presence.NewUserEntered(r.name, &m.Identity))
		r.core.Presence.Post(presence.UserLeft{Room: r.name, UserID: m.Client.UserID, Role: was})
	}
}
