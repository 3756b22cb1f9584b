package simulation

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// roomLog is the log of one room in the model of Redis. Edits and deletions are folded into the messages.
type roomLog struct {
	epoch  string
	seq    uint64
	log    []chat.Entry
	keys   map[string]storedReceipt
	ledger map[uint64]string // by seq: descriptions of all writes that were stored and not lost
}

// storedReceipt is the value of an idempotency key.
type storedReceipt struct {
	receipt chat.Receipt
	at      time.Time
}

func (m *roomLog) clone() *roomLog {
	return &roomLog{m.epoch, m.seq, slices.Clone(m.log), maps.Clone(m.keys), maps.Clone(m.ledger)}
}

func (m *roomLog) contains(seq uint64) bool {
	return slices.ContainsFunc(m.log, func(e chat.Entry) bool { return e.Seq == seq })
}

// sameEntryID reports whether a and b are equal without the hints in front of them.
func sameEntryID(a, b string) bool {
	_, a, _ = strings.Cut(a, "-")
	_, b, _ = strings.Cut(b, "-")
	return a == b
}

// isRecent reports whether an entry is in the memory of the nodes. A node without Redis knows no other entries, so it
// displays a retried message as provisional until the message has a seq.
func (m *roomLog) isRecent(id string) bool {
	return slices.ContainsFunc(m.log[max(0, len(m.log)-recentEntries):], func(e chat.Entry) bool { return e.ID == id })
}

// findMessage returns the message with the given id, whatever its hint, or nil if it is missing or deleted.
func (m *roomLog) findMessage(id string) *wire.Message {
	for i := range m.log {
		if e := &m.log[i]; e.Kind == chat.EntryMessage && sameEntryID(e.ID, id) {
			return &e.Message
		}
	}
	return nil
}

// findStored returns the receipt of an earlier append of w. It searches by key and, if w.Tried is set, also by id.
func (m *roomLog) findStored(w *chat.Write) (r chat.Receipt, ok bool) {
	if k, kept := m.keys[w.Key]; kept && time.Since(k.at) < actorstest.Settings().IdempotencyWindow*3/2 && (!w.Again || m.contains(k.receipt.Seq)) {
		k.receipt.Duplicate = true
		return k.receipt, true
	}
	for i := range m.log {
		if e := &m.log[i]; w.Tried && sameEntryID(e.ID, w.ID) {
			return chat.Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, Duplicate: true}, true
		}
	}
	return r, false
}

// buildEntry returns the entry of a write without its seq, or the reason for the refusal.
func (m *roomLog) buildEntry(w *chat.Write) (e chat.Entry, refusal chat.Refusal) {
	now := time.Now().UnixMilli()
	e = chat.Entry{Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, Text: w.Text, At: now}
	case chat.EntryEdit, chat.EntryDelete:
		was := m.findMessage(w.Target)
		if was == nil {
			return e, chat.RefusedNotFound
		}
		if was.UserID != w.Author.ID && !w.Author.Admin {
			return e, chat.RefusedForbidden
		}
		if e.Message = (wire.Message{ID: was.ID}); w.Kind == chat.EntryEdit {
			e.Message = *was
			e.Message.Text, e.Message.EditedAt = w.Text, now
		}
	case chat.EntryBulkDelete:
		for i := range m.log {
			if o := &m.log[i]; o.Kind == chat.EntryMessage && o.Message.UserID == w.UserID {
				e.Count++
			}
		}
	}
	return e, chat.NotRefused
}

// appendEntry assigns the next seq to e, folds e into the earlier entries, and appends it.
func (m *roomLog) appendEntry(e *chat.Entry) {
	m.seq++
	e.Seq = m.seq
	for i := range m.log {
		o := &m.log[i]
		if o.Kind != chat.EntryMessage && o.Kind != chat.EntryEdit {
			continue
		}
		switch {
		case e.Kind == chat.EntryEdit && o.Message.ID == e.Message.ID:
			o.Message = e.Message
		case e.Kind == chat.EntryDelete && o.Message.ID == e.Message.ID, e.Kind == chat.EntryBulkDelete && o.Message.UserID == e.UserID:
			o.Kind, o.Message = chat.EntryDelete, wire.Message{ID: o.Message.ID}
		}
	}
	m.log = append(m.log, *e)
}

// trim removes the oldest entries, so that at least history entries remain.
func (m *roomLog) trim(history int) {
	if len(m.log) > history+history/4 {
		m.log = slices.Clone(m.log[len(m.log)-history:])
	}
}

// page returns a page of the log. If reportMissing is set and q does not ask for the newest entries, the page contains
// an empty entry for each missing seq between two entries, as that of range.lua does.
func (m *roomLog) page(q chat.Query, reportMissing bool) chat.Page {
	entries := m.log
	if reportMissing && !q.Newest {
		entries = nil
		for i, e := range m.log {
			for seq := m.log[max(i, 1)-1].Seq + 1; seq < e.Seq; seq++ {
				entries = append(entries, chat.Entry{Seq: seq, Kind: chat.EntryDelete})
			}
			entries = append(entries, e)
		}
	}
	p := actorstest.PageOf(m.epoch, entries, q)
	if p.Seq, p.First = m.seq, m.seq+1; len(m.log) > 0 {
		p.First = m.log[0].Seq
	}
	return p
}

// append stores w, or returns the receipt of an earlier append or a refusal. The delivery is nil if nothing was
// stored.
func (r *redisModel) append(w chat.Write, by *nodeLink) (chat.Receipt, *chat.Delivered) {
	m := r.room(w.Room)
	if got, ok := m.findStored(&w); ok {
		r.addKnower(m.ledger[got.Seq], by)
		return got, nil
	}
	e, refusal := m.buildEntry(&w)
	if refusal != chat.NotRefused {
		r.addRefused(&w, by)
		return chat.Receipt{Refused: refusal}, nil
	}
	if w.Floor.Epoch == m.epoch {
		m.seq = max(m.seq, w.Floor.Seq)
	}
	m.appendEntry(&e)
	if w.Kind == chat.EntryMessage {
		r.originalText[e.ID] = w.Text
	}
	words := r.describe(&w)
	m.ledger[e.Seq] = words
	m.trim(r.history)
	r.addKnower(words, by)
	receipt := chat.Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, At: time.Now().UnixMilli()}
	m.keys[w.Key] = storedReceipt{receipt, time.Now()}
	_, storedBefore := r.storedAgain[e.ID]
	r.storedAgain[e.ID] = storedBefore
	return receipt, &chat.Delivered{Room: w.Room, Epoch: m.epoch, Entry: e}
}

// describe returns the description of w. It is the same for all attempts of one write, because it does not depend on
// the ids and keys that nodes generate.
func (r *redisModel) describe(w *chat.Write) string {
	return describeWrite(w.Room, w.Author.ID, w.Kind, w.Text, r.originalText[w.Target], w.UserID)
}

// describeWrite returns the description of a write. target is the original text of the edited or deleted message.
func describeWrite(room, author string, k chat.EntryKind, text, target, user string) string {
	switch k {
	case chat.EntryEdit:
		return fmt.Sprintf("%s: %s edits %q: %q", room, author, target, text)
	case chat.EntryDelete:
		return fmt.Sprintf("%s: %s deletes %q", room, author, target)
	case chat.EntryBulkDelete:
		return fmt.Sprintf("%s: %s deletes all of %s", room, author, user)
	case chat.EntryMessage:
	}
	return fmt.Sprintf("%s: %s says %q", room, author, text)
}
