package boltlog

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A record is one entry of a room's log as it is stored. It does not change once it is made, so
// memory, checkpointer and readers may share it.
type record struct {
	seq    uint64
	kind   chat.EntryKind
	id     string
	target string        // the message that it is about; a message's own id; empty for a bulk deletion
	at     int64         // ms
	msg    *wire.Message // Message, Edit: the message after it; nil where a newer record holds the text, or nobody
	userID string        // BulkDelete
	count  int           // BulkDelete

	// Only until it is in the file:
	room string
	key  idemKey
	gone []string // BulkDelete: ids of the messages that go
}

// entry is the record as a reader sees it when its message stands as msg; nil: it is deleted.
func (r *record) entry(msg *wire.Message) chat.Entry {
	e := chat.Entry{Seq: r.seq, Kind: r.kind, ID: r.id}
	switch {
	case r.kind == chat.EntryBulkDelete:
		e.UserID, e.Count = r.userID, r.count
	case msg != nil && r.kind != chat.EntryDelete:
		e.Message = *msg
	default:
		e.Kind, e.Message = chat.EntryDelete, wire.Message{ID: r.target}
	}
	return e
}

// forEachMessageID calls f with the id of every message that the record changes.
func (r *record) forEachMessageID(f func(id string)) {
	if r.kind != chat.EntryBulkDelete {
		f(r.target)
	}
	for _, id := range r.gone {
		f(id)
	}
}

// receipt is what the record's writer is told.
func (r *record) receipt(epoch string) chat.Receipt {
	got := chat.Receipt{Epoch: epoch, Seq: r.seq, ID: r.id, At: r.at}
	if r.kind == chat.EntryEdit || r.kind == chat.EntryDelete {
		got.Target = r.target
	}
	return got
}
