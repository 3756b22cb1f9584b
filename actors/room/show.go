package room

import (
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
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
		r.resync(e.Why)
	case timeline.EffectRewound:
		r.core.Out.Post(&publisher.VerifyNow{})
	case timeline.EffectCaughtUp:
		if r.catchUpRequested {
			r.catchUpRequested = false
			r.core.Bridge.Post(link.RoomCaughtUp{Room: r.name, Generation: r.generation})
		}
	case timeline.EffectGap:
		r.core.Stats.Gaps.Add(1)
	case timeline.EffectDuplicate:
		r.core.Stats.DuplicateDeliveries.Add(1)
	case timeline.EffectFlushWaiting:
		r.admitWaiting()
		r.flushHistory()
	}
}

func (r *Room) show(e *timeline.Effect) {
	ack := r.acks.shown(e.Entry.Seq)
	r.acks.arm(r.Self)
	r.historyFrame = nil
	r.entryShown()
	r.noteSlowMode(&e.Entry)
	if d, ok := r.watch.stop(e.Entry.ID); ok {
		r.core.Stats.Delivery.Observe(d)
	}
	partly := r.provisional.shownPartly(e.Entry.ID)
	known, shown := r.provisional.settle(e.Entry.ID)
	if shown && (partly || known != e.Entry.ID) && wasMessage(&e.Entry) { // news to some; or another node has kept the same write under another id
		r.broadcast(fanout.Seal(wire.AppendSuperseded(fanout.Begin(), r.name, known)))
		shown = false
	}
	if shown && e.Entry.Kind == chat.EntryMessage {
		r.broadcastWith(fanout.Seal(wire.AppendCommitted(fanout.Begin(), r.name, r.state.Epoch, []wire.CommittedSeq{{ID: e.Entry.ID, Seq: e.Entry.Seq}})), ack)
		return
	}
	r.broadcastWith(fanout.Seal(appendEntry(wire.Begin(make([]byte, 0, 320+len(e.Entry.Message.Text))), r.name, &e.Entry)), ack)
}

// wasMessage reports whether an entry is a message, or was one and is deleted by now.
func wasMessage(e *chat.Entry) bool {
	return e.Kind == chat.EntryMessage || e.Kind == chat.EntryDelete && e.Message.ID == e.ID
}

// appendEntry is the frame payload that shows an entry.
func appendEntry(dst []byte, room string, e *chat.Entry) []byte {
	switch e.Kind {
	case chat.EntryMessage:
		return wire.AppendNewMessage(dst, room, e.Seq, &e.Message, false)
	case chat.EntryEdit:
		return wire.AppendMessageUpdated(dst, room, e.Seq, &e.Message)
	case chat.EntryDelete:
		return wire.AppendMessageDeleted(dst, room, e.Seq, e.Message.ID)
	default:
		return wire.AppendBulkDelete(dst, room, e.Seq, e.UserID, e.Count)
	}
}

func (r *Room) resync(why string) {
	r.historyFrame = nil
	for i := range r.state.Ring.Entries { // what was adopted with the new position has its place
		r.provisional.settle(r.state.Ring.Entries[i].ID)
	}
	r.acks.answerAll()
	r.core.Stats.Resyncs.Add(1)
	r.core.Sys.Log.Warn().Str("room", r.name).Str("epoch", r.state.Epoch).Uint64("seq", r.state.ShownSeq).Str("reason", why).Msg("room resync sent")
	r.broadcast(fanout.Seal(wire.AppendResync(fanout.Begin(), r.name, r.state.Epoch, why)))
	r.resolveReplays()
}

// broadcast gives a frame to each writer that has members of the room. It waits for a writer that
// has too much to do, which holds the room back and with it those who write to it.
func (r *Room) broadcast(frame []byte) { r.broadcastWith(frame, nil) }

// broadcastWith does the same, with an ack for one client that goes out in one write with the frame.
func (r *Room) broadcastWith(frame []byte, ack *fanout.SendFrame) {
	now := time.Now()
	m := &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: r.presentNow(now), At: now, Ack: ack}
	plain := m
	if ack != nil && len(r.MembersPerWriter) > 1 {
		plain = &fanout.BroadcastFrame{Room: r.name, Frame: frame, ExtraFrame: m.ExtraFrame, At: now, Ack: nil}
	}
	for i, n := range r.MembersPerWriter {
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
