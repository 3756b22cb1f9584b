package actors

import (
	"slices"

	"chatnode/actors/wire"
)

// provisional are the entries of a room that this node has in its journal and has shown to its own
// members: in the order in which they were kept.
type provisional struct {
	entries []Entry
	ids     map[string]string // write part of the id → id
	partly  int               // so many of the oldest were not shown to all: to those not who came later
}

// newest is the newest entries, at most n and so many bytes, for somebody who is not shown the others.
func (p *provisional) newest(n, bytes int) []Entry {
	last := len(p.entries) - 1
	n = thatFit(min(n, len(p.entries)), bytes, func(i int) int { return sizeOf(&p.entries[last-i].Message) })
	hidden := len(p.entries) - n
	p.partly = max(p.partly, hidden)
	return p.entries[hidden:]
}

// shownPartly reports whether an entry waits for its place that not all members were shown.
func (p *provisional) shownPartly(id string) bool {
	_, write := hintOf(id)
	known, waits := p.ids[write]
	return waits && slices.ContainsFunc(p.entries[:p.partly], func(e Entry) bool { return e.ID == known })
}

// add takes an entry in, unless the same write stands there under another id.
func (p *provisional) add(e Entry) (added bool) {
	if p.ids == nil {
		p.ids = map[string]string{}
	}
	_, write := hintOf(e.ID)
	if _, there := p.ids[write]; there {
		return false
	}
	p.ids[write] = e.ID
	p.entries = append(p.entries, e)
	return true
}

// settle takes an entry out that has its place in the log now, perhaps under an id that another node has
// given it. It returns the id that it was shown under, if it was.
func (p *provisional) settle(id string) (known string, shown bool) {
	_, write := hintOf(id)
	known, shown = p.ids[write]
	if !shown {
		return "", false
	}
	delete(p.ids, write)
	i := slices.IndexFunc(p.entries, func(e Entry) bool { return e.ID == known })
	if i < p.partly {
		p.partly--
	}
	if i == 0 { // the journal replays in order, so it is the first nearly always
		p.entries[0] = Entry{}
		p.entries = p.entries[1:]
		return known, true
	}
	p.entries = slices.Delete(p.entries, i, i+1)
	return known, true
}

// holds reports whether an entry of that id waits for its place.
func (p *provisional) holds(id string) bool {
	_, write := hintOf(id)
	return p.ids[write] == id
}

// find returns a message that only the journal holds.
func (p *provisional) find(id string) *wire.Message {
	for i := range p.entries {
		if e := &p.entries[i]; e.Kind == KindMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

// message returns a message as the room knows it, from the journal or from the log's newest part.
func (r *room) message(id string) *wire.Message {
	if m := r.provisional.find(id); m != nil {
		return m
	}
	return r.state.ring.message(id)
}

// entryOf is the entry that a journalled write will become, as far as it can be told.
func (r *room) entryOf(w *Write, at int64) (e Entry, ok bool) {
	e = Entry{Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case KindMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: at}
	case KindEdit:
		m := r.message(w.Target)
		if m == nil {
			return e, false
		}
		e.Message = *m
		e.Message.Text, e.Message.EditedAt = w.Text, at
	case KindDelete:
		e.Message = wire.Message{ID: w.Target}
	}
	return e, true
}

// journalled answers a client whose write is safe on this node's disk, and shows it to the members here.
func (r *room) journalled(m *journalled) {
	r.pending--
	switch {
	case m.err != nil:
		r.fail(m.submit, wire.CodeOverloaded)
		return
	case m.first != "" && m.write.conflicts(m.first):
		r.fail(m.submit, wire.CodeConflict)
		return
	}
	a := wire.Ack{ID: m.id, Room: r.name, MessageID: m.write.ID, Stored: wire.StoredJournal, Duplicate: m.first != ""}
	if m.first != "" {
		a.MessageID = m.first
	}
	if m.write.Target != "" {
		a.MessageID = m.write.Target
	}
	if frame := r.ackFrame(m.submit, &a); frame != nil {
		r.acks.answerAll()
		m.client.answer(frame)
	}
	if m.first != "" || r.state.ids.holds(m.write.ID) { // it was stored and delivered before Redis was lost
		return
	}
	if e, ok := r.entryOf(&m.write, m.at); ok && r.provisional.add(e) {
		r.broadcast(seal(appendProvisional(begin(), r.name, &e)))
	}
}

// appendProvisional is the frame payload of an entry that has no place yet.
func appendProvisional(dst []byte, room string, e *Entry) []byte {
	if e.Kind == KindMessage {
		return wire.AppendNewMessage(dst, room, 0, &e.Message, true)
	}
	return appendEntry(dst, room, e)
}

// evident is a replayed write that is in the log. It will be delivered, or is missing here and is read.
// One that turned out to be a retry of another entry is taken back.
func (r *room) evident(m *evident) {
	switch {
	case m.receipt.Refused != RefusedNot, m.receipt.ID != m.write.ID:
		r.takeBack(m.write.Kind, m.write.ID)
	case r.state.epoch == m.receipt.Epoch && m.receipt.Seq <= r.state.last:
		r.placed(m)
	default:
		r.replayed = append(r.replayed, m) // delivered soon; or the room takes up a position beyond it
		r.await(m.receipt, nil, nil)
	}
}

// settleReplayed looks, after the room has taken up another position, which replayed messages it has
// passed by.
func (r *room) settleReplayed() {
	rest := r.replayed[:0]
	for _, m := range r.replayed {
		if !r.settledReplay(m) {
			rest = append(rest, m)
		}
	}
	clear(r.replayed[len(rest):])
	r.replayed = rest
}

// forgetReplayed forgets those that have been shown in their place meanwhile: the oldest ones, for they
// are replayed in order. To look at all of them whenever one is overdue took a long journal ever longer.
func (r *room) forgetReplayed() {
	n := 0
	for n < len(r.replayed) && r.settledReplay(r.replayed[n]) {
		r.replayed[n] = nil
		n++
	}
	r.replayed = r.replayed[n:]
}

// settledReplay reports whether a replayed message has its place on the members' screens, and tells it to
// them where the room has passed it by.
func (r *room) settledReplay(m *evident) bool {
	switch {
	case !r.provisional.holds(m.write.ID): // shown in its place
		return true
	case r.state.epoch == m.receipt.Epoch && m.receipt.Seq <= r.state.last:
		r.placed(m)
		return true
	}
	return false
}

// placed takes back a provisional message whose place the room has passed by already: it took up the
// log's position beyond it, and knows no more what became of the message since. It stands in the history.
func (r *room) placed(m *evident) { r.takeBack(m.write.Kind, m.write.ID) }

// takeBack ends what was shown of a write whose place is not where the members look.
func (r *room) takeBack(k Kind, id string) {
	if _, shown := r.provisional.settle(id); shown && k == KindMessage {
		r.broadcast(seal(wire.AppendTakenBack(begin(), r.name, id)))
	}
}

// linkChanged opens a room that waits for Redis without it: its members must be able to talk.
func (r *room) linkChanged(m linkChanged) {
	if m.degraded {
		r.core.out.Post(floorNote{r.name, Floor{r.state.epoch, r.state.last}})
		r.openBlind()
		r.acks.answerAll()
		r.admitWaiting()
		r.answerReads()
	}
}

// openBlind opens the room at no position. When Redis is back it takes up the log's, with a resync.
func (r *room) openBlind() {
	if !r.open {
		r.opened(Page{})
	}
}

// mayEdit decides, while the log cannot, who may edit or delete what.
func (r *room) mayEdit(w *Write) wire.Code {
	m := r.message(w.Target)
	switch {
	case w.Kind != KindEdit && w.Kind != KindDelete:
		return wire.CodeNone
	case m == nil:
		return wire.CodeDegraded
	case m.UserID != w.Author.ID && !w.Author.Admin:
		return wire.CodeForbidden
	}
	return wire.CodeNone
}
