package bustest

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A model is one room done the simplest way: every entry in a slice, changed in place by every
// edit and deletion. It is the oracle of the property test and forgets nothing.
type model struct {
	epoch   string
	entries []chat.Entry
	heard   []chat.Entry            // each entry as it stood when it was appended
	keys    map[string]chat.Receipt // what each key was answered
}

func newModel() *model { return &model{keys: map[string]chat.Receipt{}} }

// apply does w as of the time at and returns the receipt that an engine must give.
func (m *model) apply(w chat.Write, at int64, epoch string) chat.Receipt {
	if first, ok := m.keys[w.Key]; ok {
		first.Duplicate = true
		return first
	}
	if why := m.refusal(w); why != chat.NotRefused {
		return chat.Receipt{Epoch: epoch, Target: w.Target, Refused: why}
	}
	m.epoch = epoch
	e := chat.Entry{Seq: uint64(len(m.entries) + 1), Kind: w.Kind, ID: w.ID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = written(w, at)
	case chat.EntryEdit:
		e.Message = m.edit(w, at)
	case chat.EntryDelete:
		m.redact(w.Target)
		e.Message = wire.Message{ID: w.Target}
	case chat.EntryBulkDelete:
		e.UserID, e.Count = w.UserID, m.purge(w.UserID)
	}
	m.entries, m.heard = append(m.entries, e), append(m.heard, e)
	got := chat.Receipt{Epoch: epoch, Seq: e.Seq, ID: w.ID, Target: w.Target, At: at}
	m.keys[w.Key] = got
	return got
}

// find is the message as it stands, or nil.
func (m *model) find(id string) *wire.Message {
	for i := range m.entries {
		if e := &m.entries[i]; e.Kind == chat.EntryMessage && e.ID == id {
			return &e.Message
		}
	}
	return nil
}

func (m *model) refusal(w chat.Write) chat.Refusal {
	if w.Kind != chat.EntryEdit && w.Kind != chat.EntryDelete {
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

func (m *model) edit(w chat.Write, at int64) wire.Message {
	now := *m.find(w.Target)
	now.Text, now.EditedAt = w.Text, at
	for i := range m.entries {
		if e := &m.entries[i]; e.Message.ID == w.Target {
			e.Message = now
		}
	}
	return now
}

func (m *model) redact(target string) {
	for i := range m.entries {
		if e := &m.entries[i]; e.Message.ID == target {
			*e = gone(e.Seq, e.ID, target)
		}
	}
}

func (m *model) purge(user string) (count int) {
	for i := range m.entries {
		if e := m.entries[i]; e.Kind == chat.EntryMessage && e.Message.UserID == user {
			m.redact(e.ID)
			count++
		}
	}
	return count
}

// page is what an engine that keeps everything answers to q.
func (m *model) page(q chat.Query) chat.Page {
	p := chat.Page{Epoch: m.epoch, Seq: uint64(len(m.entries)), First: 1}
	for _, e := range m.entries {
		if e.Seq > q.After && (q.Before == 0 || e.Seq < q.Before) {
			p.Entries = append(p.Entries, e)
		}
	}
	if over := len(p.Entries) - q.Limit; over > 0 {
		p.More = true
		if q.Newest {
			p.Entries = p.Entries[over:]
		} else {
			p.Entries = p.Entries[:q.Limit]
		}
	}
	return p
}
