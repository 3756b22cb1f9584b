package boltlog

import (
	"encoding/binary"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// The bytes of a record: kind, flags, id, then what the flags say. Numbers are varints, strings
// have their length before them. In a batch room, seq, key and gone go with it.
const (
	flagTarget  = 1 << iota // the target is not the id
	flagMessage             // a text is held
	flagKey                 // of a batch: there is an idempotency key
)

func putString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// encodeBatch appends the records of a batch to b.
func encodeBatch(b []byte, records []*record) []byte {
	for _, r := range records {
		b = putString(b, r.room)
		b = binary.AppendUvarint(b, r.seq)
		b = encodeRecord(b, r)
		b = binary.AppendUvarint(b, uint64(len(r.gone)))
		for _, id := range r.gone {
			b = putString(b, id)
		}
	}
	return b
}

// encodeRecord appends the value of a log entry to b, and the key where there is one.
func encodeRecord(b []byte, r *record) []byte {
	b = append(b, byte(r.kind), flags(r))
	b = putString(b, r.id)
	if r.target != r.id {
		b = putString(b, r.target)
	}
	b = binary.AppendVarint(b, r.at)
	if r.msg != nil {
		b = encodeMessage(b, r.msg)
	}
	if r.kind == chat.EntryBulkDelete {
		b = putString(b, r.userID)
		b = binary.AppendUvarint(b, uint64(r.count))
	}
	if r.key != (idemKey{}) {
		b = append(b, r.key[:]...)
	}
	return b
}

func flags(r *record) (f byte) {
	if r.target != r.id {
		f |= flagTarget
	}
	if r.msg != nil {
		f |= flagMessage
	}
	if r.key != (idemKey{}) {
		f |= flagKey
	}
	return f
}

// encodeMessage leaves out the id, which is the record's target.
func encodeMessage(b []byte, m *wire.Message) []byte {
	b = putString(b, m.UserID)
	b = putString(b, m.UserName)
	b = putString(b, m.UserAvatar)
	b = putString(b, m.Text)
	b = binary.AppendVarint(b, m.At)
	return binary.AppendVarint(b, m.EditedAt)
}
