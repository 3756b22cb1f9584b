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

// simLog is one room's log in the model Redis, as it stands: edits and deletions are folded in.
type simLog struct {
	epoch  string
	seq    uint64
	log    []chat.Entry
	keys   map[string]simKey
	ledger map[uint64]string // every write that was stored and not lost since, in words
}

// simKey is what an idempotency key stands for, while it is kept.
type simKey struct {
	receipt chat.Receipt
	at      time.Time
}

func (m *simLog) clone() *simLog {
	return &simLog{m.epoch, m.seq, slices.Clone(m.log), maps.Clone(m.keys), maps.Clone(m.ledger)}
}

func (m *simLog) holds(seq uint64) bool {
	return slices.ContainsFunc(m.log, func(e chat.Entry) bool { return e.Seq == seq })
}

// sameWrite compares ids without the hints that nodes put in front of them.
func sameWrite(a, b string) bool {
	_, a, _ = strings.Cut(a, "-")
	_, b, _ = strings.Cut(b, "-")
	return a == b
}

// recent reports whether an entry is one of those that a node keeps in memory. A node without Redis knows
// no others, and shows again what a user writes again, until it has its place.
func (m *simLog) recent(id string) bool {
	return slices.ContainsFunc(m.log[max(0, len(m.log)-simRecent):], func(e chat.Entry) bool { return e.ID == id })
}

// living is a message that was not deleted, under whichever node's id.
func (m *simLog) living(id string) *wire.Message {
	for i := range m.log {
		if e := &m.log[i]; e.Kind == chat.EntryMessage && sameWrite(e.ID, id) {
			return &e.Message
		}
	}
	return nil
}

// known is the receipt of what was stored before, under the key or, where it was tried, under the id.
func (m *simLog) known(w *chat.Write) (r chat.Receipt, ok bool) {
	if k, kept := m.keys[w.Key]; kept && time.Since(k.at) < actorstest.TestSettings().IdempotencyWindow*3/2 && (!w.Again || m.holds(k.receipt.Seq)) {
		k.receipt.Duplicate = true
		return k.receipt, true
	}
	for i := range m.log {
		if e := &m.log[i]; w.Tried && sameWrite(e.ID, w.ID) {
			return chat.Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, Duplicate: true}, true
		}
	}
	return r, false
}

// entry is what a write becomes, or why it becomes nothing.
func (m *simLog) entry(w *chat.Write) (e chat.Entry, why chat.Refusal) {
	now := time.Now().UnixMilli()
	e = chat.Entry{Kind: w.Kind, ID: w.ID, UserID: w.UserID}
	switch w.Kind {
	case chat.EntryMessage:
		e.Message = wire.Message{ID: w.ID, UserID: w.Author.ID, Text: w.Text, At: now}
	case chat.EntryEdit, chat.EntryDelete:
		was := m.living(w.Target)
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

// add gives an entry its place, and folds it into the others.
func (m *simLog) add(e *chat.Entry) {
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

// trim lets go of what is older than the newest entries.
func (m *simLog) trim(history int) {
	if len(m.log) > history+history/4 {
		m.log = slices.Clone(m.log[len(m.log)-history:])
	}
}

// page is a part of the log. Where it is not the newest, it may tell of each place between two entries that nothing
// is known of it, as the range script does.
func (m *simLog) page(q chat.Query, tells bool) chat.Page {
	places := m.log
	if tells && !q.Newest {
		places = nil
		for i, e := range m.log {
			for seq := m.log[max(i, 1)-1].Seq + 1; seq < e.Seq; seq++ {
				places = append(places, chat.Entry{Seq: seq, Kind: chat.EntryDelete})
			}
			places = append(places, e)
		}
	}
	p := actorstest.PageOf(m.epoch, places, q)
	if p.Seq, p.First = m.seq, m.seq+1; len(m.log) > 0 {
		p.First = m.log[0].Seq
	}
	return p
}

func (r *simRedis) append(w chat.Write, by *simLink) (chat.Receipt, *chat.Delivered) {
	m := r.room(w.Room)
	if got, ok := m.known(&w); ok {
		r.remember(m.ledger[got.Seq], by)
		return got, nil
	}
	e, why := m.entry(&w)
	if why != chat.NotRefused {
		r.refuse(&w, by)
		return chat.Receipt{Refused: why}, nil
	}
	if w.Floor.Epoch == m.epoch {
		m.seq = max(m.seq, w.Floor.Seq)
	}
	m.add(&e)
	if w.Kind == chat.EntryMessage {
		r.origin[e.ID] = w.Text
	}
	words := r.words(&w)
	m.ledger[e.Seq] = words
	m.trim(r.history)
	r.remember(words, by)
	receipt := chat.Receipt{Epoch: m.epoch, Seq: e.Seq, ID: e.ID, Target: w.Target, At: time.Now().UnixMilli()}
	m.keys[w.Key] = simKey{receipt, time.Now()}
	_, before := r.again[e.ID]
	r.again[e.ID] = before
	return receipt, &chat.Delivered{Room: w.Room, Epoch: m.epoch, Entry: e}
}

// words tell what a write does, the same for every try of it: so the oracle knows it again without the
// ids and keys that nodes make.
func (r *simRedis) words(w *chat.Write) string {
	return inWords(w.Room, w.Author.ID, w.Kind, w.Text, r.origin[w.Target], w.UserID)
}

func inWords(room, author string, k chat.EntryKind, text, target, user string) string {
	switch k {
	case chat.EntryEdit:
		return fmt.Sprintf("%s: %s edits %q: %q", room, author, target, text)
	case chat.EntryDelete:
		return fmt.Sprintf("%s: %s deletes %q", room, author, target)
	case chat.EntryBulkDelete:
		return fmt.Sprintf("%s: %s deletes all of %s", room, author, user)
	}
	return fmt.Sprintf("%s: %s says %q", room, author, text)
}
