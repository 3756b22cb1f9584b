package wal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// A header is what a segment begins with. It is written once, when the segment is made.
type header struct {
	salt  uint64 // never 0, which is what the rest of a new segment reads as
	owner string
}

// magic names the layout of a segment.
const magic = "chatwal1"

// Where things are in a header, in bytes from its start. It lies within one sector.
const (
	fileSaltAt  = 8
	ownerAt     = 16 // its length, then its bytes
	headerCRCAt = 60
	headerSize  = 64
	maxOwner    = headerCRCAt - ownerAt - 1
)

func newHeader(owner string) header {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return header{binary.LittleEndian.Uint64(b[:]) | 1, owner}
}

func (h header) encode() []byte {
	b := make([]byte, headerSize)
	copy(b, magic)
	binary.LittleEndian.PutUint64(b[fileSaltAt:], h.salt)
	b[ownerAt] = byte(len(h.owner))
	copy(b[ownerAt+1:headerCRCAt], h.owner)
	binary.LittleEndian.PutUint32(b[headerCRCAt:], crc32.Checksum(b[:headerCRCAt], crcTable))
	return b
}

func decodeHeader(b []byte) (header, error) {
	switch {
	case len(b) < headerSize || crc32.Checksum(b[:headerCRCAt], crcTable) != binary.LittleEndian.Uint32(b[headerCRCAt:]) || b[ownerAt] > maxOwner:
		return header{}, fmt.Errorf("its header: %w", ErrDamaged)
	case !bytes.HasPrefix(b, []byte(magic)):
		return header{}, fmt.Errorf("its layout is %q, not %q: %w", b[:fileSaltAt], magic, ErrForeign)
	}
	return header{binary.LittleEndian.Uint64(b[fileSaltAt:]), string(b[ownerAt+1 : ownerAt+1+int(b[ownerAt])])}, nil
}
