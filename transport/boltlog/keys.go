package boltlog

import (
	"encoding/binary"

	"chatnode/transport/boltfile"
)

// Buckets. doc.go describes their contents.
var (
	roomsBucket = []byte("rooms")
	logBucket   = []byte("log")
	idsBucket   = []byte("ids")
	idemBucket  = []byte("idem")
)

// Keys of the meta bucket.
var (
	epochKey = []byte("epoch")
	movedKey = []byte("moved")
)

// format is the name of the file layout. Open rejects other layouts.
const format = "chatnode-log-2"

// numberKey returns the key for a number, in big-endian order so that the bucket is sorted by number.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// appendEntryKey appends the key of an entry in the log bucket to b.
func appendEntryKey(b []byte, room, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, room), seq)
}

// appendIDKey appends the key of a message in the ids bucket to b.
func appendIDKey(b []byte, room uint64, id string) []byte {
	return append(binary.BigEndian.AppendUint64(b, room), id...)
}

// entryKey returns the key of an entry in the log bucket.
func entryKey(room, seq uint64) []byte {
	return appendEntryKey(nil, room, seq)
}

// idKey returns the key of a message in the ids bucket.
func idKey(room uint64, id string) []byte { return appendIDKey(nil, room, id) }

// roomMeta is the value of a room in the rooms bucket.
type roomMeta struct {
	num   uint64 // number of the room, from 1; 0: not in the file
	seq   uint64 // newest entry
	first uint64 // oldest entry; seq+1 if there is none
}

func (p roomMeta) encode() []byte {
	return binary.BigEndian.AppendUint64(entryKey(p.num, p.seq), p.first)
}

// decodeRoomMeta decodes a value of the rooms bucket. b is nil for a room that is not in the file.
func decodeRoomMeta(b []byte) (roomMeta, error) {
	switch len(b) {
	case 0:
		return roomMeta{first: 1}, nil
	case 24:
		return roomMeta{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])}, nil
	}
	return roomMeta{}, boltfile.ErrDamaged
}
