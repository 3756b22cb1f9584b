package actors

import (
	"time"

	"chatnode/actors/wire"
)

// effects carries out what the state asks for, and what comes of that, in order.
func (r *room) effects() {
	if r.acting {
		return
	}
	r.acting = true
	for batch := r.state.take(); len(batch) > 0; batch = r.state.take() {
		for i := range batch {
			r.effect(&batch[i])
		}
	}
	r.acting = false
	r.serve()
}

func (r *room) effect(e *effect) {
	switch e.kind {
	case effectShow:
		r.show(e)
	case effectRead:
		r.readLog(e.query)
	case effectResync:
		r.resync(e.why)
	case effectRewound:
		r.core.out.Post(recheck{})
	case effectProven:
		if r.asked {
			r.asked = false
			r.core.bridge.Post(caughtUp{r.name, r.turn})
		}
	case effectGap:
		r.core.stats.Gaps.Add(1)
	case effectDouble:
		r.core.stats.Doubles.Add(1)
	case effectCatchUp:
		r.admitWaiting()
		r.answerReads()
	}
}

func (r *room) show(e *effect) {
	ack := r.acks.shown(e.entry.Seq)
	r.acks.arm(r.self)
	r.history = nil
	r.entryShown()
	r.paced(&e.entry)
	if d, ok := r.watch.stop(e.entry.ID); ok {
		r.core.stats.Delivery.Observe(d)
	}
	partly := r.provisional.shownPartly(e.entry.ID)
	known, shown := r.provisional.settle(e.entry.ID)
	if shown && (partly || known != e.entry.ID) && wasMessage(&e.entry) { // news to some; or another node has kept the same write under another id
		r.broadcast(seal(wire.AppendTakenBack(begin(), r.name, known)))
		shown = false
	}
	if shown && e.entry.Kind == KindMessage {
		r.broadcastWith(seal(wire.AppendCommitted(begin(), r.name, r.state.epoch, []wire.Commit{{ID: e.entry.ID, Seq: e.entry.Seq}})), ack)
		return
	}
	r.broadcastWith(seal(appendEntry(wire.Begin(make([]byte, 0, 320+len(e.entry.Message.Text))), r.name, &e.entry)), ack)
}

// wasMessage reports whether an entry is a message, or was one and is deleted by now.
func wasMessage(e *Entry) bool {
	return e.Kind == KindMessage || e.Kind == KindDelete && e.Message.ID == e.ID
}

// appendEntry is the frame payload that shows an entry.
func appendEntry(dst []byte, room string, e *Entry) []byte {
	switch e.Kind {
	case KindMessage:
		return wire.AppendNewMessage(dst, room, e.Seq, &e.Message, false)
	case KindEdit:
		return wire.AppendMessageUpdated(dst, room, e.Seq, &e.Message)
	case KindDelete:
		return wire.AppendMessageDeleted(dst, room, e.Seq, e.Message.ID)
	default:
		return wire.AppendBulkDelete(dst, room, e.Seq, e.UserID, e.Count)
	}
}

func (r *room) resync(why string) {
	r.history = nil
	for i := range r.state.ring.entries { // what was adopted with the new position has its place
		r.provisional.settle(r.state.ring.entries[i].ID)
	}
	r.acks.answerAll()
	r.core.stats.Resyncs.Add(1)
	r.core.sys.Log.Warn().Str("room", r.name).Str("epoch", r.state.epoch).Uint64("seq", r.state.last).Str("why", why).Msg("room reloads")
	r.broadcast(seal(wire.AppendResync(begin(), r.name, r.state.epoch, why)))
	r.settleReplayed()
}

// broadcast gives a frame to each writer that has members of the room. It waits for a writer that
// has too much to do, which holds the room back and with it those who write to it.
func (r *room) broadcast(frame []byte) { r.broadcastWith(frame, nil) }

// broadcastWith does the same, with an ack for one client that goes out in one write with the frame.
func (r *room) broadcastWith(frame []byte, ack *unicast) {
	now := time.Now()
	m := &broadcast{r.name, frame, r.presentNow(now), now, ack}
	plain := m
	if ack != nil && len(r.lanes) > 1 {
		plain = &broadcast{r.name, frame, m.along, now, nil}
	}
	for i, n := range r.lanes {
		switch { // a stopped writer has no clients left
		case ack != nil && ack.client.lane == i:
			_ = r.core.writers[i].Wait(m)
		case n > 0:
			_ = r.core.writers[i].Wait(plain)
		}
	}
}

// signal passes on what is not stored.
func (r *room) signal(m Signal) {
	switch {
	case m.Typing != nil:
		r.broadcast(seal(wire.AppendTyping(begin(), r.name, *m.Typing)))
	case m.Presence != nil:
		r.presence(*m.Presence)
	}
}
