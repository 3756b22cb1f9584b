package room

import (
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/process"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// onWrite passes a write to the publisher. It rejects the write if slow mode, the rights of the author or a full
// mailbox do not allow it.
func (r *Room) onWrite(m *WriteRequest) {
	s := &publisher.AppendRequest{Write: r.buildWrite(m), ReplyTo: r.self, Tag: m}
	if !s.Write.Kind.Valid() {
		r.fail(m, &s.Write, wire.CodeUnknownType)
		return
	}
	if wait, window := r.slowModeWait(m, &s.Write); wait > 0 {
		r.throttle(m, wait, window)
		return
	}
	if r.deps.Health.LogUnavailable() && r.deps.HasJournal {
		if code := r.checkEdit(&s.Write); code != wire.CodeNone {
			r.fail(m, &s.Write, code)
			return
		}
	}
	if err := r.deps.Publisher.TryPost(s); err != nil {
		r.fail(m, &s.Write, wire.CodeOverloaded)
		return
	}
	r.retirement.inflight++
	r.measures.latency.start(s.Write.ID, time.Now())
}

// fail answers a write that was not stored.
func (r *Room) fail(m *WriteRequest, w *chat.Write, code wire.Code) {
	r.slowMode.refund(w.Author.ID, w.ID)
	r.audit(m, w, code)
	if m.reply != nil {
		m.reply <- process.Answer[chat.WriteResult]{Value: chat.WriteResult{Code: code}}
	}
	fanout.AnswerError(m.Client, m.Cmd.ID, code)
}

// refuse answers a write that the room has not started.
func (r *Room) refuse(m *WriteRequest, code wire.Code) {
	r.fail(m, &chat.Write{Author: m.Author}, code)
}

// newID returns the id of a new entry: the position of the room, after which the entry can be found, and a unique
// part. If the client has set an id, the unique part is a hash of it and of the command, so that a retry gets the
// same part on each node.
func (r *Room) newID(w *chat.Write) string {
	b := strconv.AppendUint(make([]byte, 0, 40), r.timeline.ShownSeq(), 36)
	b = append(b, '-')
	if request := w.Key; request != "" {
		if w.Kind != chat.EntryMessage {
			request += "\x00" + string('0'+rune(w.Kind)) + w.Target + "\x00" + w.UserID
		}
		sum := sha256.Sum256([]byte(request))
		return string(append(b, base32Lower.EncodeToString(sum[:10])...))
	}
	r.nextID++
	b = append(append(b, r.deps.Config.Incarnation...), '-')
	return string(strconv.AppendUint(b, r.nextID, 36))
}

var base32Lower = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// buildWrite returns the write of a command. The idempotency key is the id that the client has set, for each user
// separately; without one it is the id of the entry. The kind is not valid if the command does not write.
func (r *Room) buildWrite(m *WriteRequest) chat.Write {
	kind, _ := chat.KindOfCommand(m.Cmd.Type)
	w := chat.Write{
		Room: r.name, Kind: kind, Author: m.Author, Text: m.Cmd.Message,
		Floor: chat.Floor{Epoch: r.timeline.Epoch(), Seq: r.timeline.ShownSeq()},
	}
	if m.Cmd.ID != "" {
		w.Key = m.Author.ID + "\x00" + m.Cmd.ID
	}
	switch w.Kind {
	case chat.EntryMessage:
	case chat.EntryEdit, chat.EntryDelete:
		w.Target, w.Hint = m.Cmd.MessageID, r.timeline.FindSeq(m.Cmd.MessageID)
	case chat.EntryBulkDelete:
		w.UserID = m.Cmd.UserID
	}
	if w.ID = r.newID(&w); w.Key == "" {
		w.Key = w.ID
	}
	return w
}

// onAppendResult answers the client. The receipt proves that the entry exists; it will be displayed when it is
// delivered.
func (r *Room) onAppendResult(m *publisher.AppendResult) {
	r.retirement.inflight--
	request := m.Tag.(*WriteRequest)
	switch {
	case m.Err != nil:
		r.fail(request, &m.Write, wire.CodeDegraded)
	case m.Receipt.Refused != chat.NotRefused:
		r.fail(request, &m.Write, refusalCode(m.Receipt.Refused))
	case m.Receipt.Duplicate && m.Write.Conflicts(m.Receipt.ID):
		r.fail(request, &m.Write, wire.CodeConflict)
	default:
		r.queueAck(m.Receipt, request.Client, r.ack(request, m))
	}
}

// refusalCode returns the error code for a write that the log refused.
func refusalCode(refused chat.Refusal) wire.Code {
	switch refused {
	case chat.NotRefused:
	case chat.RefusedNotFound:
		return wire.CodeNotFound
	case chat.RefusedForbidden:
		return wire.CodeForbidden
	}
	return wire.CodeInternal
}

// ack returns the frame of the ack; nil for a call of the API.
func (r *Room) ack(request *WriteRequest, m *publisher.AppendResult) []byte {
	a := wire.Ack{ID: request.Cmd.ID, Room: r.name, MessageID: m.Receipt.ID, Seq: m.Receipt.Seq, Stored: r.deps.Config.Stored, Duplicate: m.Receipt.Duplicate}
	if m.Write.Kind.NeedsTarget() {
		a.MessageID = m.Receipt.Target
	}
	return r.encodeAck(request, &m.Write, &a)
}
