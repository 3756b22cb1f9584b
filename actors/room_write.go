package actors

import (
	"time"

	"chatnode/actors/wire"
)

// post makes the append for a client's write and passes it on to the bridge.
func (r *room) post(m *post) {
	s := &submit{room: r.self, session: m.session, id: m.cmd.ID, write: r.compose(m)}
	if err := r.core.out.Tell(s); err != nil {
		answerError(m.session, m.cmd.ID, wire.CodeOverloaded)
		return
	}
	r.pending++
}

// compose turns the command into a write. The client's id is the idempotency key, the user's own.
func (r *room) compose(m *post) Write {
	w := Write{Room: r.name, ID: r.newID(), Author: m.author, Text: m.cmd.Message}
	if w.Key = w.ID; m.cmd.ID != "" {
		w.Key = m.author.ID + "\x00" + m.cmd.ID
	}
	switch m.cmd.Type {
	case wire.EditMessage:
		w.Kind, w.Target, w.Hint = KindEdit, m.cmd.MessageID, r.state.ring.find(m.cmd.MessageID)
	case wire.DeleteMessage:
		w.Kind, w.Target, w.Hint = KindDelete, m.cmd.MessageID, r.state.ring.find(m.cmd.MessageID)
	case wire.BulkDelete:
		w.Kind, w.UserID = KindBulkDelete, m.cmd.UserID
	default:
		w.Kind = KindMessage
	}
	return w
}

// settled answers the client. The receipt is no delivery, but evidence that the entry exists.
func (r *room) settled(m *settled) {
	r.pending--
	switch {
	case m.err != nil:
		answerError(m.session, m.id, wire.CodeDegraded)
	case m.receipt.Refused == RefusedNotFound:
		answerError(m.session, m.id, wire.CodeNotFound)
	case m.receipt.Refused == RefusedForbidden:
		answerError(m.session, m.id, wire.CodeForbidden)
	default:
		r.ack(m)
		if r.state.exists(m.receipt.Epoch, m.receipt.Seq) {
			r.self.After(deliverWithin, overdue{m.receipt.Seq})
		}
	}
}

func (r *room) ack(m *settled) {
	a := wire.Ack{ID: m.id, Room: r.name, MessageID: m.receipt.ID, Seq: m.receipt.Seq, Stored: r.core.set.Stored, Duplicate: m.receipt.Duplicate}
	if m.write.Kind == KindEdit || m.write.Kind == KindDelete {
		a.MessageID = m.receipt.Target
	}
	r.core.stats.Chat.Acked.Add(1)
	if a.Duplicate {
		r.core.stats.Chat.Duplicates.Add(1)
	}
	if m.session != nil {
		m.session.Post(answered{seal(wire.AppendAck(begin(), &a))})
	}
}

// answerHistory answers from memory where that reaches back far enough, else from the log.
func (r *room) answerHistory(m *history) {
	if data, more, ok := r.state.ring.newest(m.before, m.limit); ok {
		m.session.Post(answered{historyFrame(m.id, r.name, r.state.at(), data, more)})
		return
	}
	if r.core.store.Tell(&readHistory{history: *m}) != nil {
		answerError(m.session, m.id, wire.CodeOverloaded)
	}
}

func historyFrame(id, room string, at wire.Position, data []wire.Placed, more bool) []byte {
	size := 256
	for i := range data {
		size += 280 + len(data[i].Text)
	}
	return wire.Seal(wire.AppendHistory(wire.Begin(make([]byte, 0, size)), id, room, at, data, more))
}

// sweep retires the room once it has had nobody for RoomIdle and owes nothing.
func (r *room) sweep() {
	quiet := time.Since(r.empty)
	if len(r.members) == 0 && len(r.waiting) == 0 && r.pending == 0 && len(r.backlog) == 0 && quiet >= r.core.set.RoomIdle {
		r.core.rooms.Post(idle{r.name, r.self, r.visits})
		return
	}
	r.self.After(r.core.set.RoomIdle, sweep{})
}

// retire is the rooms' word that nobody will be sent here any more.
func (r *room) retire() {
	r.core.bridge.Post(unwatch{r.name, r.self})
	r.core.stats.Chat.Rooms.Add(-1)
	r.self.Stop()
}

// abandon is the end of a room that panics too often: its members come back and get a new one.
func (r *room) abandon() {
	for c := range r.members {
		r.core.presence.Post(away{r.name, c.userID, c.role})
		c.cut(wire.CloseInternal, "room failed")
	}
	for _, m := range r.waiting {
		m.client.cut(wire.CloseInternal, "room failed")
	}
	r.core.bridge.Post(unwatch{r.name, r.self})
	r.core.stats.Chat.Rooms.Add(-1)
}
