package boltjournal

import "encoding/binary"

// writesBucket is the bucket of the writes.
var writesBucket = []byte("writes")

// format is the name of the file layout. Open rejects other layouts.
const format = "chatnode-journal-1"

// numberKey returns the key of a write, in big-endian order so that the bucket is sorted by number.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// keyNumber is the inverse of numberKey. It returns 0, which is not the number of a write, if k is not a key.
func keyNumber(k []byte) uint64 {
	if len(k) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}
