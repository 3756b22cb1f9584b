package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/publisher"
	"chatnode/actors/timeline"
	"chatnode/actors/wire"
)

// applyEffects carries out what the state asks for, and what comes of that, in order.
func (r *Room) applyEffects() {
	if r.applyingEffects {
		return
	}
	r.applyingEffects = true
	for batch := r.state.Take(); len(batch) > 0; batch = r.state.Take() {
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
		r.show(e)
	case timeline.EffectRead:
		r.requestLogPage(e.Query)
	case timeline.EffectResync:
		r.resync(e.Reason)
	case timeline.EffectRewound:
		r.core.Out.Post(publisher.VerifyNow{})
	case timeline.EffectCaughtUp:
		r.onCaughtUp()
	case timeline.EffectGap:
		r.core.Stats.Gaps.Add(1)
	case timeline.EffectDuplicate:
		r.core.Stats.Doubles.Add(1)
	case timeline.EffectFlushWaiting:
		r.admitWaiting()
		r.flushHistory()
	}
}

func (r *Room) show(e *timeline.Effect) {
	ack := r.acks.shown(e.Entry.Seq)
	r.acks.arm(r.Self)
	r.historyFrame = nil
	r.core.Stats.Shown.Add(1)
	latency, ok := r.measures.entryShown(e.Entry.ID)
	r.noteSlowMode(&e.Entry)
	if ok {
		r.core.Stats.Delivery.Observe(latency)
	}
	hidden := r.provisional.isHidden(e.Entry.ID)
	known, shown := r.provisional.remove(e.Entry.ID)
	if shown && (hidden || known != e.Entry.ID) && wasMessage(&e.Entry) { // news to some; or another node has kept the same write under another id
		r.sendSuperseded(known)
		shown = false
	}
	if shown && e.Entry.Kind == chat.EntryMessage {
		r.broadcastWith(fanout.Seal(wire.AppendCommitted(fanout.Begin(), r.name, r.state.Epoch(), []wire.CommittedSeq{{ID: e.Entry.ID, Seq: e.Entry.Seq}})), ack)
		return
	}
	r.broadcastWith(fanout.Seal(appendEntry(wire.Begin(make([]byte, 0, 320+len(e.Entry.Message.Text))), r.name, &e.Entry)), ack)
}

// wasMessage reports whether an entry is a message, or was one and is deleted by now.
func wasMessage(e *chat.Entry) bool {
	return e.Kind == chat.EntryMessage || e.Kind == chat.KindDelete && e.Message.ID == e.ID
}

// appendEntry is the frame payload that shows an entry.
func appendEntry(dst []byte, room string, e *chat.Entry) []byte {
	switch e.Kind {
	case chat.EntryMessage:
		return wire.AppendNewMessage(dst, room, e.Seq, &e.Message, false)
	case chat.KindEdit:
		return wire.AppendMessageUpdated(dst, room, e.Seq, &e.Message)
	case chat.KindDelete:
		return wire.AppendMessageDeleted(dst, room, e.Seq, e.Message.ID)
	default:
		return wire.AppendBulkDelete(dst, room, e.Seq, e.UserID, e.Count)
	}
}

func (r *Room) resync(why string) {
	r.historyFrame = nil
	recent := r.state.Recent()
	for i := range recent { // what was adopted with the new position has its place
		r.provisional.remove(recent[i].ID)
	}
	r.acks.answerAll()
	r.core.Stats.Resyncs.Add(1)
	r.core.Sys.Log.Warn().Str("room", r.name).Str("epoch", r.state.Epoch()).Uint64("seq", r.state.ShownSeq()).Str("reason", why).Msg("room resync sent")
	r.broadcast(fanout.Seal(wire.AppendResync(fanout.Begin(), r.name, r.state.Epoch(), why)))
	r.sendSuperseded(r.provisional.resolveReplays(r.state.Position())...)
}

// broadcast gives a frame to each writer that has members of the room. It waits for a writer that
// has too much to do, which holds the room back and with it those who write to it.
func (r *Room) broadcast(frame []byte) { r.broadcastWith(frame, nil) }

// broadcastWith does the same, with an ack for one client that goes out in one write with the frame.
func (r *Room) broadcastWith(frame []byte, ack *fanout.SendFrame) {
	now := time.Now()
	m := &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: r.duePresence(now), At: now, Ack: ack}
	plain := m
	if ack != nil && len(r.members.perWriter) > 1 {
		plain = &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: m.ExtraFrame, At: now, Ack: nil}
	}
	for i, n := range r.members.perWriter {
		switch { // a stopped writer has no clients left
		case ack != nil && ack.Client.WriterIndex == i:
			_ = r.core.Writers[i].WaitPost(m)
		case n > 0:
			_ = r.core.Writers[i].WaitPost(plain)
		}
	}
}

// onSignal passes on what is not stored.
func (r *Room) onSignal(m chat.Signal) {
	switch {
	case m.Typing != nil:
		r.broadcast(fanout.Seal(wire.AppendTyping(fanout.Begin(), r.name, *m.Typing)))
	case m.Presence != nil:
		r.onCounts(*m.Presence)
	}
}
