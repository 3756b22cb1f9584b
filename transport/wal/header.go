package wal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"chatnode/transport/disk"
)

// header is the start of a segment. It is written once, when the segment is created.
type header struct {
	salt  uint64 // never 0, because the rest of a new segment is zeros
	owner string
}

// magic is the name of the segment layout.
const magic = "chatwal1"

// Offsets in a header, in bytes. It fits into one sector.
const (
	fileSaltAt  = 8
	ownerAt     = 16 // length, then bytes
	headerCRCAt = 60
	headerSize  = 64
	maxOwner    = headerCRCAt - ownerAt - 1
)

func newHeader(owner string) header {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return header{binary.LittleEndian.Uint64(b[:]) | 1, owner}
}

func (h header) encode() []byte {
	b := make([]byte, headerSize)
	copy(b, magic)
	binary.LittleEndian.PutUint64(b[fileSaltAt:], h.salt)
	b[ownerAt] = byte(len(h.owner))
	copy(b[ownerAt+1:headerCRCAt], h.owner)
	binary.LittleEndian.PutUint32(b[headerCRCAt:], disk.Checksum(b[:headerCRCAt]))
	return b
}

func decodeHeader(b []byte) (header, error) {
	switch {
	case len(b) < headerSize || disk.Checksum(b[:headerCRCAt]) != binary.LittleEndian.Uint32(b[headerCRCAt:]) || b[ownerAt] > maxOwner:
		return header{}, fmt.Errorf("header: %w", ErrDamaged)
	case !bytes.HasPrefix(b, []byte(magic)):
		return header{}, fmt.Errorf("layout %q, want %q: %w", b[:fileSaltAt], magic, ErrForeign)
	}
	return header{binary.LittleEndian.Uint64(b[fileSaltAt:]), string(b[ownerAt+1 : ownerAt+1+int(b[ownerAt])])}, nil
}
