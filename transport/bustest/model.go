package bustest

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// model is one room as a slice of all its entries, to which chat.Fold applies each edit and deletion. The property
// test compares it with the tested engine. No engine uses chat.Fold.
type model struct {
	epoch     string
	entries   []chat.Entry
	delivered []chat.Entry            // each entry in its state when it was appended
	receipts  map[string]chat.Receipt // by key
}

func newModel() *model { return &model{receipts: map[string]chat.Receipt{}} }

// apply executes w at the time at. It returns the receipt that an engine must return.
func (m *model) apply(w chat.Write, at int64, epoch string) chat.Receipt {
	if first, ok := m.receipts[w.Key]; ok {
		first.Duplicate = true
		return first
	}
	if reason := m.refusal(w); reason != chat.NotRefused {
		return chat.Receipt{Epoch: epoch, Target: w.Target, Refused: reason}
	}
	m.epoch = epoch
	e := chat.Entry{Seq: uint64(len(m.entries) + 1), Kind: w.Kind, ID: w.ID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = storedMessage(w, at)
	case chat.EntryEdit:
		e.Message = *m.find(w.Target)
		e.Message.Text, e.Message.EditedAt = w.Text, at
	case chat.EntryDelete:
		e.Message = wire.Message{ID: w.Target}
	case chat.EntryBulkDelete:
		e.UserID, e.Count = w.UserID, m.countMessages(w.UserID)
	}
	chat.Fold(m.entries, &e)
	m.entries, m.delivered = append(m.entries, e), append(m.delivered, e)
	got := chat.Receipt{Epoch: epoch, Seq: e.Seq, ID: w.ID, Target: w.Target, At: at}
	m.receipts[w.Key] = got
	return got
}

// find returns the current state of a message; nil if it does not exist or was deleted.
func (m *model) find(id string) *wire.Message {
	for i := range m.entries {
		if e := &m.entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

func (m *model) refusal(w chat.Write) chat.Refusal {
	if !w.Kind.NeedsTarget() {
		return chat.NotRefused
	}
	switch target := m.find(w.Target); {
	case target == nil:
		return chat.RefusedNotFound
	case target.UserID != w.Author.ID && !w.Author.Admin:
		return chat.RefusedForbidden
	}
	return chat.NotRefused
}

func (m *model) countMessages(user string) (count int) {
	for i := range m.entries {
		if e := &m.entries[i]; e.Kind == chat.EntryMessage && e.Message.UserID == user {
			count++
		}
	}
	return count
}

// page returns the answer to q of an engine with unlimited retention.
func (m *model) page(q chat.Query) chat.Page {
	p := chat.Page{Epoch: m.epoch, Seq: uint64(len(m.entries)), First: 1}
	for _, e := range m.entries {
		if e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) {
			p.Entries = append(p.Entries, e)
		}
	}
	if excess := len(p.Entries) - q.Limit; excess > 0 {
		p.More = true
		if q.Newest {
			p.Entries = p.Entries[excess:]
		} else {
			p.Entries = p.Entries[:q.Limit]
		}
	}
	return p
}
