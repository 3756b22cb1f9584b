package boltlog

import (
	"encoding/binary"

	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// Encoding of a record: kind, flags, id, then the fields that the flags and the kind imply. Numbers are varints, and
// strings have a length prefix. In a batch, the record also has room, seq, key and gone.
const (
	flagTarget  = 1 << iota // target differs from id
	flagMessage             // contains a message
	flagKey                 // contains an idempotency key; only in batches
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

// encodeRecord appends the value of a log entry to b, with the key if the record has one.
func encodeRecord(b []byte, r *record) []byte {
	b = append(b, byte(r.kind), recordFlags(r))
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

func recordFlags(r *record) (f byte) {
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

// encodeMessage appends m to b without its id, which is the target of the record.
func encodeMessage(b []byte, m *wire.Message) []byte {
	b = putString(b, m.UserID)
	b = putString(b, m.UserName)
	b = putString(b, m.UserAvatar)
	b = putString(b, m.Text)
	b = binary.AppendVarint(b, m.At)
	return binary.AppendVarint(b, m.EditedAt)
}
