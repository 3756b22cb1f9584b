package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/publisher"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// applyEffects applies the effects of the timeline in order, also the effects that they cause.
func (r *Room) applyEffects() {
	if r.applyingEffects {
		return
	}
	r.applyingEffects = true
	for batch := r.timeline.Take(); len(batch) > 0; batch = r.timeline.Take() {
		for i := range batch {
			r.applyEffect(&batch[i])
		}
	}
	r.applyingEffects = false
	r.serveHistory()
}

func (r *Room) applyEffect(e *timeline.Effect) {
	switch e.Kind {
	case timeline.EffectShow:
		r.show(&e.Entry)
	case timeline.EffectRead:
		r.requestLogPage(e.Query)
	case timeline.EffectResync:
		r.resync(e.Reason)
	case timeline.EffectRewound:
		r.deps.Publisher.Post(&publisher.VerifyNow{})
	case timeline.EffectCaughtUp:
		r.onCaughtUp()
	case timeline.EffectGap:
		r.deps.Stats.Gaps.Add(1)
	case timeline.EffectDuplicate:
		r.deps.Stats.DuplicateDeliveries.Add(1)
	case timeline.EffectFlushWaiting:
		r.admitWaiting()
		r.flushHistory()
	}
}

// show sends an entry to the members. If they have it as a provisional entry, they get only its seq.
func (r *Room) show(e *chat.Entry) {
	ack := r.acks.takeUpTo(e.Seq)
	r.acks.arm(r.self)
	r.historyFrame = nil
	r.deps.Stats.Delivered.Add(1)
	latency, ok := r.measures.entryShown(e.ID)
	r.noteSlowMode(e)
	if ok {
		r.deps.Stats.Delivery.Observe(latency)
	}
	hidden := r.provisional.isHidden(e.ID)
	known, provisional := r.provisional.remove(e.ID)
	if provisional && (hidden || known != e.ID) && wasMessage(e) { // some members do not have it, or another node stored it with another id
		r.sendSuperseded(known)
		provisional = false
	}
	if provisional && e.Kind == chat.EntryMessage {
		r.broadcastWith(fanout.Seal(wire.AppendCommitted(fanout.Begin(), r.name, r.timeline.Epoch(), []wire.CommittedSeq{{ID: e.ID, Seq: e.Seq}})), ack)
		return
	}
	r.broadcastWith(fanout.Seal(appendEntry(wire.Begin(make([]byte, 0, 320+len(e.Message.Text))), r.name, e)), ack)
}

// wasMessage reports whether an entry is a message, or was one and is deleted.
func wasMessage(e *chat.Entry) bool {
	return e.Kind == chat.EntryMessage || e.Kind == chat.EntryDelete && e.Message.ID == e.ID
}

// appendEntry appends the payload of the frame for an entry.
func appendEntry(dst []byte, room string, e *chat.Entry) []byte {
	switch e.Kind {
	case chat.EntryMessage:
		return wire.AppendNewMessage(dst, room, e.Seq, &e.Message, false)
	case chat.EntryEdit:
		return wire.AppendMessageUpdated(dst, room, e.Seq, &e.Message)
	case chat.EntryDelete:
		return wire.AppendMessageDeleted(dst, room, e.Seq, e.Message.ID)
	case chat.EntryBulkDelete:
		return wire.AppendBulkDelete(dst, room, e.Seq, e.UserID, e.Count)
	}
	return dst
}

// resync notifies the members that they must reload, because the room has adopted another position.
func (r *Room) resync(reason string) {
	r.historyFrame = nil
	recent := r.timeline.Recent()
	for i := range recent { // these have a seq now
		r.provisional.remove(recent[i].ID)
	}
	r.acks.answerAll()
	r.deps.Stats.Resyncs.Add(1)
	r.deps.System.Log.Warn().Str("room", r.name).Str("epoch", r.timeline.Epoch()).Uint64("seq", r.timeline.ShownSeq()).Str("reason", reason).Msg("room resync sent")
	r.broadcast(fanout.Seal(wire.AppendResync(fanout.Begin(), r.name, r.timeline.Epoch(), reason)))
	r.sendSuperseded(r.provisional.resolveReplays(r.timeline.Position())...)
}

// broadcast sends a frame to each writer that has members of the room. It blocks while the mailbox of a writer is
// full, which delays the room and the clients that write to it.
func (r *Room) broadcast(frame []byte) { r.broadcastWith(frame, nil) }

// broadcastWith is broadcast, with an ack for one client that is sent in one write with the frame.
func (r *Room) broadcastWith(frame []byte, ack *fanout.SendFrame) {
	now := time.Now()
	m := &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: r.duePresence(now), At: now, Ack: ack}
	plain := m
	if ack != nil && len(r.members.perWriter) > 1 {
		plain = &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: m.ExtraFrame, At: now, Ack: nil}
	}
	for i, n := range r.members.perWriter {
		switch { // WaitPost fails only if the writer has stopped, and then it has no clients
		case ack != nil && ack.Client.WriterIndex == i:
			_ = r.deps.Writers[i].WaitPost(m)
		case n > 0:
			_ = r.deps.Writers[i].WaitPost(plain)
		}
	}
}

// onSignal sends a signal of the bus to the members.
func (r *Room) onSignal(m chat.Signal) {
	switch {
	case m.Typing != nil:
		r.broadcast(fanout.Seal(wire.AppendTyping(fanout.Begin(), r.name, *m.Typing)))
	case m.Presence != nil:
		r.onCounts(*m.Presence)
	}
}
