package actors

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"time"

	"chatnode/actors/wire"
)

// post makes the append for a client's write and passes it on to the bridge.
func (r *room) post(m *post) {
	s := &submit{room: r.self, client: m.client, done: m.done, id: m.cmd.ID, write: r.compose(m)}
	if wait, window := r.slowed(m, &s.write); wait > 0 {
		r.throttle(m, wait, window)
		return
	}
	if r.core.link.apart() && r.core.journals {
		if code := r.mayEdit(&s.write); code != wire.CodeNone {
			r.fail(s, code)
			return
		}
	}
	if err := r.core.out.Tell(s); err != nil {
		r.fail(s, wire.CodeOverloaded)
		return
	}
	r.pending++
	r.watch.start(s.write.ID, time.Now())
}

// fail answers a write that was not taken.
func (r *room) fail(s *submit, code wire.Code) {
	r.pace.refund(s.write.Author.ID, s.write.ID)
	r.audit(s, code)
	if s.done != nil {
		s.done <- Outcome{Code: code}
	}
	answerError(s.client, s.id, code)
}

// refuse answers a write that the room has not begun with.
func (r *room) refuse(m *post, code wire.Code) {
	r.fail(&submit{client: m.client, done: m.done, id: m.cmd.ID, write: Write{Author: m.author}}, code)
}

// newID makes the id of a new entry: the room's position, which tells where to look for it later, and
// what makes it unique. For a write that its client has given an id that is derived from it and from
// what is asked for, so that it is the same whichever node the client tries again.
func (r *room) newID(w *Write) string {
	b := strconv.AppendUint(make([]byte, 0, 40), r.state.last, 36)
	b = append(b, '-')
	if request := w.Key; request != "" {
		if w.Kind != KindMessage {
			request += "\x00" + string('0'+rune(w.Kind)) + w.Target + "\x00" + w.UserID
		}
		sum := sha256.Sum256([]byte(request))
		return string(append(b, base32Lower.EncodeToString(sum[:10])...))
	}
	r.ids++
	b = append(append(b, r.core.set.Incarnation...), '-')
	return string(strconv.AppendUint(b, r.ids, 36))
}

var base32Lower = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// compose turns the command into a write. The client's id is the idempotency key, the user's own.
func (r *room) compose(m *post) Write {
	w := Write{Room: r.name, Author: m.author, Text: m.cmd.Message, Floor: Floor{r.state.epoch, r.state.last}}
	if m.cmd.ID != "" {
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
	if w.ID = r.newID(&w); w.Key == "" {
		w.Key = w.ID
	}
	return w
}

// conflicts reports whether what was stored under the write's key is the answer to another request: an
// ack would say that this one was carried out.
func (w *Write) conflicts(stored string) bool {
	_, first := hintOf(stored)
	_, own := hintOf(w.ID)
	return first != own
}

// settled answers the client. The receipt is no delivery, but evidence that the entry exists.
func (r *room) settled(m *settled) {
	r.pending--
	switch {
	case m.err != nil:
		r.fail(m.submit, wire.CodeDegraded)
	case m.receipt.Refused == RefusedNotFound:
		r.fail(m.submit, wire.CodeNotFound)
	case m.receipt.Refused == RefusedForbidden:
		r.fail(m.submit, wire.CodeForbidden)
	case m.receipt.Duplicate && m.write.conflicts(m.receipt.ID):
		r.fail(m.submit, wire.CodeConflict)
	default:
		r.await(m.receipt, m.client, r.ack(m))
	}
}

func (r *room) ack(m *settled) []byte {
	a := wire.Ack{ID: m.id, Room: r.name, MessageID: m.receipt.ID, Seq: m.receipt.Seq, Stored: r.core.set.Stored, Duplicate: m.receipt.Duplicate}
	if m.write.Kind == KindEdit || m.write.Kind == KindDelete {
		a.MessageID = m.receipt.Target
	}
	return r.ackFrame(m.submit, &a)
}

// answerHistory answers from memory where that reaches back far enough, else from the log.
func (r *room) answerHistory(m *history) {
	if data, more, ok := r.state.ring.newest(m.before, m.limit); ok {
		m.client.answer(answerBudget(r.core.set.OutboxBytes).historyFrame(m.id, r.name, r.state.at(), data, more))
		return
	}
	if r.core.store.Tell(&readHistory{*m, r.core.set}) != nil {
		answerError(m.client, m.id, wire.CodeOverloaded)
	}
}

// emptyMost is how many rooms a node has in memory before those that are empty go at once: who joins and
// leaves one room after the other would fill the memory with what RoomIdle keeps.
const emptyMost = 4096

// sweep retires the room once it has had nobody for RoomIdle and owes nothing; else it looks whether the
// log has anything that was not delivered.
func (r *room) sweep() {
	r.going = false
	if r.free() && time.Since(r.empty) >= r.core.set.RoomIdle {
		r.goIdle()
		return
	}
	if r.core.set.Distributed && r.open && !r.core.link.apart() { // a frame that got lost with none after it shows by nothing else
		r.state.stale()
		r.effects()
	}
	r.sweepLater()
}

// free reports whether the room has nobody and owes nothing.
func (r *room) free() bool {
	return len(r.members) == 0 && len(r.waiting)+len(r.reads) == 0 && r.pending == 0 && r.acks.empty() && len(r.provisional.entries) == 0 && len(r.backlog) == 0
}

// goIdle asks the rooms to let the room end. They answer with retire, or sweep where it is wanted again.
func (r *room) goIdle() {
	r.going = true
	r.core.rooms.Post(idle{r.name, r.self, r.visits})
}

// makeRoom lets an empty room go at once where there are very many.
func (r *room) makeRoom() {
	if !r.going && r.core.stats.Rooms.Load() > emptyMost && r.free() {
		r.goIdle()
	}
}

// sweepLater arms the timer anew.
func (r *room) sweepLater() {
	r.sweeping.again(r.self, r.core.set.RoomIdle, sweep{})
}

// retire is the rooms' word that nobody will be sent here any more.
func (r *room) retire() {
	r.sweeping.stop() // a timer would keep the room in memory
	r.core.bridge.Post(unwatch{r.name, r.self})
	r.core.stats.Rooms.Add(-1)
	r.self.Stop()
}

// abandon is the end of a room that panics too often: its members come back and get a new one.
func (r *room) abandon() {
	for c, role := range r.members {
		r.core.presence.Post(away{r.name, c.userID, role})
		c.cut(wire.CloseInternal, "room failed")
	}
	for _, m := range r.waiting {
		if !m.gone {
			m.client.cut(wire.CloseInternal, "room failed")
		}
		m.client.session.Release(joinSlots)
	}
	r.core.bridge.Post(unwatch{r.name, r.self})
	r.core.stats.Rooms.Add(-1)
}
