package room

import (
	"slices"

	"chatnode/actors/chat"
	"chatnode/actors/fanout"
	"chatnode/actors/link"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// provisionalEntries are the entries of a room that this node has in its journal and has shown to its own
// members: in the order in which they were kept.
type provisionalEntries struct {
	entries     []chat.Entry
	ids         map[string]string // write part of the id → id
	hiddenCount int               // so many of the oldest were not shown to all: to those not who came later
}

// newest is the newest entries, at most n and so many bytes, for somebody who is not shown the others.
func (p *provisionalEntries) newest(n, bytes int) []chat.Entry {
	last := len(p.entries) - 1
	n = fanout.CountFitting(min(n, len(p.entries)), bytes, func(i int) int { return fanout.FrameSize(&p.entries[last-i].Message) })
	hidden := len(p.entries) - n
	p.hiddenCount = max(p.hiddenCount, hidden)
	return p.entries[hidden:]
}

// shownPartly reports whether an entry waits for its place that not all members were shown.
func (p *provisionalEntries) shownPartly(id string) bool {
	_, write := chat.SplitID(id)
	known, waits := p.ids[write]
	return waits && slices.ContainsFunc(p.entries[:p.hiddenCount], func(e chat.Entry) bool { return e.ID == known })
}

// add takes an entry in, unless the same write stands there under another id.
func (p *provisionalEntries) add(e chat.Entry) (added bool) {
	if p.ids == nil {
		p.ids = map[string]string{}
	}
	_, write := chat.SplitID(e.ID)
	if _, there := p.ids[write]; there {
		return false
	}
	p.ids[write] = e.ID
	p.entries = append(p.entries, e)
	return true
}

// settle takes an entry out that has its place in the log now, perhaps under an id that another node has
// given it. It returns the id that it was shown under, if it was.
func (p *provisionalEntries) settle(id string) (known string, shown bool) {
	_, write := chat.SplitID(id)
	known, shown = p.ids[write]
	if !shown {
		return "", false
	}
	delete(p.ids, write)
	i := slices.IndexFunc(p.entries, func(e chat.Entry) bool { return e.ID == known })
	if i < p.hiddenCount {
		p.hiddenCount--
	}
	if i == 0 { // the journal replays in order, so it is the first nearly always
		p.entries[0] = chat.Entry{}
		p.entries = p.entries[1:]
		return known, true
	}
	p.entries = slices.Delete(p.entries, i, i+1)
	return known, true
}

// holds reports whether an entry of that id waits for its place.
func (p *provisionalEntries) holds(id string) bool {
	_, write := chat.SplitID(id)
	return p.ids[write] == id
}

// find returns a message that only the journal holds.
func (p *provisionalEntries) find(id string) *wire.Message {
	for i := range p.entries {
		if e := &p.entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

// message returns a message as the room knows it, from the journal or from the log's newest part.
func (r *Room) message(id string) *wire.Message {
	if m := r.provisional.find(id); m != nil {
		return m
	}
	return r.state.Ring.Message(id)
}

// entryOf is the entry that a journalled write will become, as far as it can be told.
func (r *Room) entryOf(w *chat.Write, at int64) (e chat.Entry, ok bool) {
	e = chat.Entry{Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, UserName: w.Author.Name, UserAvatar: w.Author.Avatar, Text: w.Text, At: at}
	case chat.EntryEdit:
		m := r.message(w.Target)
		if m == nil {
			return e, false
		}
		e.Message = *m
		e.Message.Text, e.Message.EditedAt = w.Text, at
	case chat.EntryDelete:
		e.Message = wire.Message{ID: w.Target}
	}
	return e, true
}

// onJournalResult answers a client whose write is safe on this node's disk, and shows it to the members here.
func (r *Room) onJournalResult(m *publisher.JournalResult) {
	r.inflightAppends--
	request := m.Tag.(*WriteRequest)
	switch {
	case m.Err != nil:
		r.fail(request, &m.Write, wire.CodeOverloaded)
		return
	case m.First != "" && m.Write.Conflicts(m.First):
		r.fail(request, &m.Write, wire.CodeConflict)
		return
	}
	a := wire.Ack{ID: request.Cmd.ID, Room: r.name, MessageID: m.Write.ID, Stored: wire.StoredJournal, Duplicate: m.First != ""}
	if m.First != "" {
		a.MessageID = m.First
	}
	if m.Write.Target != "" {
		a.MessageID = m.Write.Target
	}
	if frame := r.encodeAck(request, &m.Write, &a); frame != nil {
		r.acks.answerAll()
		request.Client.Answer(frame)
	}
	if m.First != "" || r.state.Ids.Holds(m.Write.ID) { // it was stored and delivered before Redis was lost
		return
	}
	if e, ok := r.entryOf(&m.Write, m.At); ok && r.provisional.add(e) {
		r.broadcast(fanout.Seal(appendProvisional(fanout.Begin(), r.name, &e)))
	}
}

// appendProvisional is the frame payload of an entry that has no place yet.
func appendProvisional(dst []byte, room string, e *chat.Entry) []byte {
	if e.Kind == chat.EntryMessage {
		return wire.AppendNewMessage(dst, room, 0, &e.Message, true)
	}
	return appendEntry(dst, room, e)
}

// onWriteCommitted is a replayed write that is in the log. It will be delivered, or is missing here and is read.
// One that turned out to be a retry of another entry is taken back.
func (r *Room) onWriteCommitted(m *publisher.WriteCommitted) {
	switch {
	case m.Receipt.Refused != chat.NotRefused, m.Receipt.ID != m.Write.ID:
		r.retractProvisional(m.Write.Kind, m.Write.ID)
	case r.state.Epoch == m.Receipt.Epoch && m.Receipt.Seq <= r.state.ShownSeq:
		r.retractPlaced(m)
	default:
		r.unplacedReplays = append(r.unplacedReplays, m) // delivered soon; or the room takes up a position beyond it
		r.queueAck(m.Receipt, nil, nil)
	}
}

// resolveReplays looks, after the room has taken up another position, which replayed messages it has
// passed by.
func (r *Room) resolveReplays() {
	rest := r.unplacedReplays[:0]
	for _, m := range r.unplacedReplays {
		if !r.isResolved(m) {
			rest = append(rest, m)
		}
	}
	clear(r.unplacedReplays[len(rest):])
	r.unplacedReplays = rest
}

// dropResolvedReplays forgets those that have been shown in their place meanwhile: the oldest ones, for they
// are replayed in order. To look at all of them whenever one is overdue took a long journal ever longer.
func (r *Room) dropResolvedReplays() {
	n := 0
	for n < len(r.unplacedReplays) && r.isResolved(r.unplacedReplays[n]) {
		r.unplacedReplays[n] = nil
		n++
	}
	r.unplacedReplays = r.unplacedReplays[n:]
}

// isResolved reports whether a replayed message has its place on the members' screens, and tells it to
// them where the room has passed it by.
func (r *Room) isResolved(m *publisher.WriteCommitted) bool {
	switch {
	case !r.provisional.holds(m.Write.ID): // shown in its place
		return true
	case r.state.Epoch == m.Receipt.Epoch && m.Receipt.Seq <= r.state.ShownSeq:
		r.retractPlaced(m)
		return true
	}
	return false
}

// retractPlaced takes back a provisional message whose place the room has passed by already: it took up the
// log's position beyond it, and knows no more what became of the message since. It stands in the history.
func (r *Room) retractPlaced(m *publisher.WriteCommitted) {
	r.retractProvisional(m.Write.Kind, m.Write.ID)
}

// retractProvisional ends what was shown of a write whose place is not where the members look.
func (r *Room) retractProvisional(k chat.EntryKind, id string) {
	if _, shown := r.provisional.settle(id); shown && k == chat.EntryMessage {
		r.broadcast(fanout.Seal(wire.AppendSuperseded(fanout.Begin(), r.name, id)))
	}
}

// onLinkChanged opens a room that waits for Redis without it: its members must be able to talk.
func (r *Room) onLinkChanged(m *link.StateChanged) {
	if m.Degraded {
		r.core.Out.Post(&publisher.FloorUpdate{Room: r.name, Floor: chat.Floor{Epoch: r.state.Epoch, Seq: r.state.ShownSeq}})
		r.openWithoutLog()
		r.acks.answerAll()
		r.admitWaiting()
		r.flushHistory()
	}
}

// openWithoutLog opens the room at no position. When Redis is back it takes up the log's, with a resync.
func (r *Room) openWithoutLog() {
	if !r.open {
		r.opened(chat.Page{})
	}
}

// checkEdit decides, while the log cannot, who may edit or delete what.
func (r *Room) checkEdit(w *chat.Write) wire.Code {
	m := r.message(w.Target)
	switch {
	case w.Kind != chat.EntryEdit && w.Kind != chat.EntryDelete:
		return wire.CodeNone
	case m == nil:
		return wire.CodeDegraded
	case m.UserID != w.Author.ID && !w.Author.Admin:
		return wire.CodeForbidden
	}
	return wire.CodeNone
}
