package boltlog

import "encoding/binary"

// The buckets; doc.go says what each holds.
var (
	metaBucket  = []byte("meta")
	roomsBucket = []byte("rooms")
	logBucket   = []byte("log")
	idsBucket   = []byte("ids")
	idemBucket  = []byte("idem")
)

// The keys of the meta bucket.
var (
	formatKey = []byte("format")
	epochKey  = []byte("epoch")
	movedKey  = []byte("moved")
)

// format names the layout of the file; a file of another layout is refused.
const format = "chatnode-log-2"

// numberKey is the key of a numbered value: big-endian, so that the bucket is in its order.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// appendEntryKey appends the log key of a room's entry.
func appendEntryKey(b []byte, room, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(b, room), seq)
}

// appendIDKey appends the ids key of a room's message.
func appendIDKey(b []byte, room uint64, id string) []byte {
	return append(binary.BigEndian.AppendUint64(b, room), id...)
}

// entryKey is the log key of a room's entry.
func entryKey(room, seq uint64) []byte {
	return appendEntryKey(nil, room, seq)
}

// idKey is the ids key of a room's message.
func idKey(room uint64, id string) []byte { return appendIDKey(nil, room, id) }

// A roomMeta is the value of the rooms bucket: where the room's entries lie and which there are.
type roomMeta struct {
	num   uint64 // of the room, from 1; 0: the file does not know the room
	seq   uint64 // the newest
	first uint64 // the oldest kept; seq+1 when none is
}

func (p roomMeta) encode() []byte {
	return binary.BigEndian.AppendUint64(entryKey(p.num, p.seq), p.first)
}

// decodePlace reads a place; nil is that of a room which the file does not know.
func decodePlace(b []byte) (roomMeta, error) {
	switch len(b) {
	case 0:
		return roomMeta{first: 1}, nil
	case 24:
		return roomMeta{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])}, nil
	}
	return roomMeta{}, ErrDamaged
}
