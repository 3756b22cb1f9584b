package room

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/presence"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// onWrite makes the append for a client's write and passes it on to the bridge.
func (r *Room) onWrite(m *WriteRequest) {
	s := &publisher.AppendRequest{Write: r.buildWrite(m), ReplyTo: r.Self, Tag: m}
	if wait, window := r.slowModeWait(m, &s.Write); wait > 0 {
		r.throttle(m, wait, window)
		return
	}
	if r.core.Link.LogUnavailable() && r.core.Journals {
		if code := r.checkEdit(&s.Write); code != wire.CodeNone {
			r.fail(m, &s.Write, code)
			return
		}
	}
	if err := r.core.Out.TryPost(s); err != nil {
		r.fail(m, &s.Write, wire.CodeOverloaded)
		return
	}
	r.inflightAppends++
	r.watch.start(s.Write.ID, time.Now())
}

// fail answers a write that was not stored.
func (r *Room) fail(m *WriteRequest, w *chat.Write, code wire.Code) {
	r.pace.refund(w.Author.ID, w.ID)
	r.audit(m, w, code)
	if m.reply != nil {
		m.reply <- process.Answer[chat.WriteResult]{Value: chat.WriteResult{Code: code}}
	}
	fanout.AnswerError(m.Client, m.Cmd.ID, code)
}

// refuse answers a write that the room has not begun with.
func (r *Room) refuse(m *WriteRequest, code wire.Code) {
	r.fail(m, &chat.Write{Author: m.Author}, code)
}

// newID makes the id of a new entry: the room's position, which tells where to look for it later, and
// what makes it unique. For a write that its client has given an id that is derived from it and from
// what is asked for, so that it is the same whichever node the client tries again.
func (r *Room) newID(w *chat.Write) string {
	b := strconv.AppendUint(make([]byte, 0, 40), r.state.ShownSeq, 36)
	b = append(b, '-')
	if request := w.Key; request != "" {
		if w.Kind != chat.EntryMessage {
			request += "\x00" + string('0'+rune(w.Kind)) + w.Target + "\x00" + w.UserID
		}
		sum := sha256.Sum256([]byte(request))
		return string(append(b, base32Lower.EncodeToString(sum[:10])...))
	}
	r.nextID++
	b = append(append(b, r.core.Set.Incarnation...), '-')
	return string(strconv.AppendUint(b, r.nextID, 36))
}

var base32Lower = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// buildWrite turns the command into a write. The client's id is the idempotency key, the user's own.
func (r *Room) buildWrite(m *WriteRequest) chat.Write {
	w := chat.Write{Room: r.name, Author: m.Author, Text: m.Cmd.Message, Floor: chat.Floor{Epoch: r.state.Epoch, Seq: r.state.ShownSeq}}
	if m.Cmd.ID != "" {
		w.Key = m.Author.ID + "\x00" + m.Cmd.ID
	}
	switch m.Cmd.Type {
	case wire.EditMessage:
		w.Kind, w.Target, w.Hint = chat.EntryEdit, m.Cmd.MessageID, r.state.Ring.Find(m.Cmd.MessageID)
	case wire.DeleteMessage:
		w.Kind, w.Target, w.Hint = chat.EntryDelete, m.Cmd.MessageID, r.state.Ring.Find(m.Cmd.MessageID)
	case wire.BulkDelete:
		w.Kind, w.UserID = chat.EntryBulkDelete, m.Cmd.UserID
	default:
		w.Kind = chat.EntryMessage
	}
	if w.ID = r.newID(&w); w.Key == "" {
		w.Key = w.ID
	}
	return w
}

// onAppendResult answers the client. The receipt is no delivery, but evidence that the entry exists.
func (r *Room) onAppendResult(m *publisher.AppendResult) {
	r.inflightAppends--
	request := m.Tag.(*WriteRequest)
	switch {
	case m.Err != nil:
		r.fail(request, &m.Write, wire.CodeDegraded)
	case m.Receipt.Refused == chat.RefusedNotFound:
		r.fail(request, &m.Write, wire.CodeNotFound)
	case m.Receipt.Refused == chat.RefusedForbidden:
		r.fail(request, &m.Write, wire.CodeForbidden)
	case m.Receipt.Duplicate && m.Write.Conflicts(m.Receipt.ID):
		r.fail(request, &m.Write, wire.CodeConflict)
	default:
		r.queueAck(m.Receipt, request.Client, r.ack(request, m))
	}
}

func (r *Room) ack(request *WriteRequest, m *publisher.AppendResult) []byte {
	a := wire.Ack{ID: request.Cmd.ID, Room: r.name, MessageID: m.Receipt.ID, Seq: m.Receipt.Seq, Stored: r.core.Set.Stored, Duplicate: m.Receipt.Duplicate}
	if m.Write.Kind == chat.EntryEdit || m.Write.Kind == chat.EntryDelete {
		a.MessageID = m.Receipt.Target
	}
	return r.encodeAck(request, &m.Write, &a)
}

// answerHistory answers from memory where that reaches back far enough, else from the log.
func (r *Room) answerHistory(m *HistoryRequest) {
	if data, more, ok := r.state.Ring.Newest(m.Before, m.Limit); ok {
		m.Client.Answer(fanout.Budget(r.core.Set.OutboxBytes).HistoryFrame(m.Id, r.name, r.state.At(), data, more))
		return
	}
	if r.core.Store.TryPost(&historyPageRequest{*m, r.core.Set}) != nil {
		fanout.AnswerError(m.Client, m.Id, wire.CodeOverloaded)
	}
}

// EmptyMost is how many rooms a node has in memory before those that are empty go at once: who joins and
// leaves one room after the other would fill the memory with what RoomIdle keeps.
const EmptyMost = 4096

// onIdleTick retires the room once it has had nobody for RoomIdle and owes nothing; else it looks whether the
// log has anything that was not delivered.
func (r *Room) onIdleTick() {
	r.retiring = false
	if r.isIdle() && time.Since(r.emptySince) >= r.core.Set.RoomIdle {
		r.requestRetire()
		return
	}
	if r.core.Set.Distributed && r.open && !r.core.Link.LogUnavailable() { // a frame that got lost with none after it shows by nothing else
		r.state.Refresh()
		r.applyEffects()
	}
	r.sweepLater()
}

// isIdle reports whether the room has nobody and owes nothing.
func (r *Room) isIdle() bool {
	return len(r.members) == 0 && len(r.pendingJoins)+len(r.pendingHistory) == 0 && r.inflightAppends == 0 && r.acks.empty() && len(r.provisional.entries) == 0 && len(r.backlog) == 0
}

// requestRetire asks the rooms to let the room end. They answer with retire, or sweep where it is wanted again.
func (r *Room) requestRetire() {
	r.retiring = true
	r.core.Rooms.Post(roomIdle{r.name, r.Self, r.routedCount})
}

// retireIfCrowded lets an empty room go at once where there are very many.
func (r *Room) retireIfCrowded() {
	if !r.retiring && r.core.Stats.Rooms.Load() > EmptyMost && r.isIdle() {
		r.requestRetire()
	}
}

// sweepLater arms the timer anew.
func (r *Room) sweepLater() {
	r.sweeping.Reset(r.Self, r.core.Set.RoomIdle, idleTick{})
}

// onRetire is the rooms' word that nobody will be sent here any more.
func (r *Room) onRetire() {
	r.sweeping.Stop() // a timer would keep the room in memory
	r.core.Bridge.Post(link.UnsubscribeRoom{Room: r.name, Process: r.Self})
	r.core.Stats.Rooms.Add(-1)
	r.Self.Stop()
}

// onGiveUp is the end of a room that panics too often: its members come back and get a new one.
func (r *Room) onGiveUp() {
	for c, role := range r.members {
		r.core.Presence.Post(presence.UserLeft{Room: r.name, UserID: c.UserID, Role: role})
		c.Close(wire.CloseInternal, "room failed")
	}
	for _, m := range r.pendingJoins {
		if !m.gone {
			m.Client.Close(wire.CloseInternal, "room failed")
		}
		m.Client.Session.FreeSlots(fanout.JoinSlots)
	}
	r.core.Bridge.Post(link.UnsubscribeRoom{Room: r.name, Process: r.Self})
	r.core.Stats.Rooms.Add(-1)
}
