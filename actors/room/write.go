package room

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// onWrite makes the append for a client's write and passes it on to the bridge.
func (r *Room) onWrite(m *WriteRequest) {
	s := &publisher.AppendRequest{Room: r.Self, Client: m.Client, Done: m.done, Id: m.Cmd.ID, Write: r.buildWrite(m)}
	if wait, window := r.slowModeWait(m, &s.Write); wait > 0 {
		r.throttle(m, wait, window)
		return
	}
	if r.core.Link.Apart() && r.core.Journals {
		if code := r.checkEdit(&s.Write); code != wire.CodeNone {
			r.fail(s, code)
			return
		}
	}
	if err := r.core.Out.TryPost(s); err != nil {
		r.fail(s, wire.CodeOverloaded)
		return
	}
	r.retirement.inflight++
	r.measures.latency.start(s.Write.ID, time.Now())
}

// fail answers a write that was not taken.
func (r *Room) fail(s *publisher.AppendRequest, code wire.Code) {
	r.slowMode.refund(s.Write.Author.ID, s.Write.ID)
	r.audit(s, code)
	if s.Done != nil {
		s.Done <- chat.WriteResult{Code: code}
	}
	fanout.AnswerError(s.Client, s.Id, code)
}

// refuse answers a write that the room has not begun with.
func (r *Room) refuse(m *WriteRequest, code wire.Code) {
	r.fail(&publisher.AppendRequest{Client: m.Client, Done: m.done, Id: m.Cmd.ID, Write: chat.Write{Author: m.Author}}, code)
}

// newID makes the id of a new entry: the room's position, which tells where to look for it later, and
// what makes it unique. For a write that its client has given an id that is derived from it and from
// what is asked for, so that it is the same whichever node the client tries again.
func (r *Room) newID(w *chat.Write) string {
	b := strconv.AppendUint(make([]byte, 0, 40), r.state.ShownSeq(), 36)
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
	w := chat.Write{Room: r.name, Author: m.Author, Text: m.Cmd.Message, Floor: chat.Floor{Epoch: r.state.Epoch(), Seq: r.state.ShownSeq()}}
	if m.Cmd.ID != "" {
		w.Key = m.Author.ID + "\x00" + m.Cmd.ID
	}
	switch m.Cmd.Type {
	case wire.EditMessage:
		w.Kind, w.Target, w.Hint = chat.KindEdit, m.Cmd.MessageID, r.state.FindSeq(m.Cmd.MessageID)
	case wire.DeleteMessage:
		w.Kind, w.Target, w.Hint = chat.KindDelete, m.Cmd.MessageID, r.state.FindSeq(m.Cmd.MessageID)
	case wire.BulkDelete:
		w.Kind, w.UserID = chat.KindBulkDelete, m.Cmd.UserID
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
	r.retirement.inflight--
	switch {
	case m.Err != nil:
		r.fail(m.AppendRequest, wire.CodeDegraded)
	case m.Receipt.Refused == chat.RefusedNotFound:
		r.fail(m.AppendRequest, wire.CodeNotFound)
	case m.Receipt.Refused == chat.RefusedForbidden:
		r.fail(m.AppendRequest, wire.CodeForbidden)
	case m.Receipt.Duplicate && m.Write.Conflicts(m.Receipt.ID):
		r.fail(m.AppendRequest, wire.CodeConflict)
	default:
		r.queueAck(m.Receipt, m.Client, r.ack(m))
	}
}

func (r *Room) ack(m *publisher.AppendResult) []byte {
	a := wire.Ack{ID: m.Id, Room: r.name, MessageID: m.Receipt.ID, Seq: m.Receipt.Seq, Stored: r.core.Set.Stored, Duplicate: m.Receipt.Duplicate}
	if m.Write.Kind == chat.KindEdit || m.Write.Kind == chat.KindDelete {
		a.MessageID = m.Receipt.Target
	}
	return r.encodeAck(m.AppendRequest, &a)
}
