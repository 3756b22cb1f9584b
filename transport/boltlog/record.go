package boltlog

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// record is one entry of a room as it is stored. It is immutable, and shared by memory, checkpointer and readers.
type record struct {
	seq    uint64
	kind   chat.EntryKind
	id     string
	target string        // id of the message; for a message its own id; empty for a bulk deletion
	at     int64         // ms
	msg    *wire.Message // messages and edits: the message after this entry; nil: in a newer record, or deleted
	userID string        // of a bulk deletion
	count  int           // of a bulk deletion

	// Only until the record is in the file:
	room string
	key  idemKey
	gone []string // of a bulk deletion: ids of the deleted messages
}

// entry returns the record as readers see it. msg is the current state of its message; nil: deleted.
func (r *record) entry(msg *wire.Message) chat.Entry {
	e := chat.Entry{Seq: r.seq, Kind: r.kind, ID: r.id}
	switch r.kind {
	case chat.EntryMessage, chat.EntryEdit:
		if msg == nil {
			e.Kind, e.Message = chat.EntryDelete, wire.Message{ID: r.target}
		} else {
			e.Message = *msg
		}
	case chat.EntryDelete:
		e.Message = wire.Message{ID: r.target}
	case chat.EntryBulkDelete:
		e.UserID, e.Count = r.userID, r.count
	}
	return e
}

// forEachMessageID calls f with the id of each message that the record changes.
func (r *record) forEachMessageID(f func(id string)) {
	if r.kind != chat.EntryBulkDelete {
		f(r.target)
	}
	for _, id := range r.gone {
		f(id)
	}
}

// receipt returns the receipt for the writer of the record.
func (r *record) receipt(epoch string) chat.Receipt {
	got := chat.Receipt{Epoch: epoch, Seq: r.seq, ID: r.id, At: r.at}
	if r.kind.NeedsTarget() {
		got.Target = r.target
	}
	return got
}
