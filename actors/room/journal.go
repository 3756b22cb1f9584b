package room

import (
	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// onLinkChanged lets the members continue without Redis: a room that waits for Redis opens without the log.
func (r *Room) onLinkChanged(m *link.StateChanged) {
	if m.Degraded {
		r.deps.Publisher.Post(&publisher.FloorUpdate{Room: r.name, Floor: chat.Floor{Epoch: r.timeline.Epoch(), Seq: r.timeline.ShownSeq()}})
		r.openWithoutLog()
		r.acks.answerAll()
		r.admitWaiting()
		r.flushHistory()
	}
}

// message returns a message from the journal or from the cache; nil: the room does not have it.
func (r *Room) message(id string) *wire.Message {
	if m := r.provisional.message(id); m != nil {
		return m
	}
	return r.timeline.Message(id)
}

// checkEdit decides whether the author may edit or delete the target, because the log is not available to decide it.
func (r *Room) checkEdit(w *chat.Write) wire.Code {
	if !w.Kind.NeedsTarget() {
		return wire.CodeNone
	}
	m := r.message(w.Target)
	switch {
	case m == nil:
		return wire.CodeDegraded
	case m.UserID != w.Author.ID && !w.Author.Admin:
		return wire.CodeForbidden
	}
	return wire.CodeNone
}

// onJournalResult answers a write that the journal stored, and sends its entry to the members of this node.
func (r *Room) onJournalResult(m *publisher.JournalResult) {
	r.retirement.inflight--
	request := m.Tag.(*WriteRequest)
	switch {
	case m.Err != nil:
		r.fail(request, &m.Write, wire.CodeOverloaded)
		return
	case m.First != "" && m.Write.Conflicts(m.First):
		r.fail(request, &m.Write, wire.CodeConflict)
		return
	}
	a := wire.Ack{ID: request.Cmd.ID, Room: r.name, MessageID: m.Write.ID, Stored: wire.StoredJournal, Duplicate: m.First != ""}
	if m.First != "" {
		a.MessageID = m.First
	}
	if m.Write.Target != "" {
		a.MessageID = m.Write.Target
	}
	if frame := r.encodeAck(request, &m.Write, &a); frame != nil {
		r.acks.answerAll()
		request.Client.Answer(frame)
	}
	if m.First != "" || r.timeline.WasShown(m.Write.ID) { // stored and delivered before Redis became unavailable
		return
	}
	if e, ok := r.provisionalEntry(&m.Write, m.At); ok && r.provisional.add(e) {
		r.broadcast(fanout.Seal(appendProvisional(fanout.Begin(), r.name, &e)))
	}
}

// provisionalEntry returns the entry that a write in the journal will become. ok is false for an edit of a message
// that the room does not have.
func (r *Room) provisionalEntry(w *chat.Write, at int64) (e chat.Entry, ok bool) {
	e = chat.Entry{Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: at}
	case chat.EntryEdit:
		m := r.message(w.Target)
		if m == nil {
			return e, false
		}
		e.Message = *m
		e.Message.Text, e.Message.EditedAt = w.Text, at
	case chat.EntryDelete:
		e.Message = wire.Message{ID: w.Target}
	case chat.EntryBulkDelete: // names the user only
	}
	return e, true
}

// appendProvisional appends the payload of the frame for an entry without a seq.
func appendProvisional(dst []byte, room string, e *chat.Entry) []byte {
	if e.Kind == chat.EntryMessage {
		return wire.AppendNewMessage(dst, room, 0, &e.Message, true)
	}
	return appendEntry(dst, room, e)
}

// onWriteCommitted handles a replayed write that is in the log. It will be delivered, or read if it is overdue. A
// write that the log rejected, or that repeats another entry, is retracted.
func (r *Room) onWriteCommitted(m *publisher.WriteCommitted) {
	switch {
	case m.Receipt.Refused != chat.NotRefused, m.Receipt.ID != m.Write.ID,
		r.timeline.Epoch() == m.Receipt.Epoch && m.Receipt.Seq <= r.timeline.ShownSeq():
		if r.provisional.retract(m.Write.Kind, m.Write.ID) {
			r.sendSuperseded(m.Write.ID)
		}
	default:
		r.provisional.addReplay(m)
		r.queueAck(m.Receipt, nil, nil)
	}
}

// sendSuperseded notifies the members that provisional messages are no longer displayed as they were sent.
func (r *Room) sendSuperseded(ids ...string) {
	for _, id := range ids {
		r.broadcast(fanout.Seal(wire.AppendSuperseded(fanout.Begin(), r.name, id)))
	}
}
