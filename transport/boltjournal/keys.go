package boltjournal

import "encoding/binary"

// The buckets; doc.go says what each holds.
var (
	metaBucket   = []byte("meta")
	writesBucket = []byte("writes")
)

var formatKey = []byte("format")

// format names the layout of the file; a file of another layout is refused.
const format = "chatnode-journal-1"

// numberKey is the key of a write: big-endian, so that the bucket is in its order.
func numberKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// keyNumber is the inverse of numberKey; 0, which is no write's number, for what is no key.
func keyNumber(k []byte) uint64 {
	if len(k) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}
