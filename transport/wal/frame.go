package wal

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"iter"
)

// A frame is one batch in a segment.
type frame struct {
	number uint64
	batch  []byte
}

// Where things are in a frame, in bytes from its start; numbers are little-endian. The checksum is
// of everything behind it.
const (
	lengthAt    = 4
	numberAt    = 8
	saltAt      = 16
	frameHeader = 24
)

// maxBatch is the most bytes that a batch may have.
const maxBatch = 1 << 30

// crcTable is Castagnoli's polynomial, which processors compute themselves.
var crcTable = crc32.MakeTable(crc32.Castagnoli)

// sealFrame fills in the header of a frame whose batch stands behind it.
func sealFrame(b []byte, number, salt uint64) {
	binary.LittleEndian.PutUint32(b[lengthAt:], uint32(len(b)-frameHeader))
	binary.LittleEndian.PutUint64(b[numberAt:], number)
	binary.LittleEndian.PutUint64(b[saltAt:], salt)
	binary.LittleEndian.PutUint32(b, crc32.Checksum(b[lengthAt:], crcTable))
}

// readFrame reads the frame that b begins with, and says how long it is; 0: there is none.
func readFrame(b []byte, salt uint64) (frame, int) {
	if len(b) < frameHeader || binary.LittleEndian.Uint64(b[saltAt:]) != salt {
		return frame{}, 0
	}
	size := frameHeader + int64(binary.LittleEndian.Uint32(b[lengthAt:]))
	if size > int64(len(b)) || crc32.Checksum(b[lengthAt:size], crcTable) != binary.LittleEndian.Uint32(b) {
		return frame{}, 0
	}
	return frame{binary.LittleEndian.Uint64(b[numberAt:]), b[frameHeader:size]}, int(size)
}

// frames are all that are sound in b, whatever lies between them.
func frames(b []byte, salt uint64) iter.Seq[frame] {
	mark := binary.LittleEndian.AppendUint64(nil, salt)
	return func(yield func(frame) bool) {
		for len(b) >= frameHeader {
			f, size := readFrame(b, salt)
			switch {
			case size > 0:
				if !yield(f) {
					return
				}
				b = b[size:]
			default:
				next := bytes.Index(b[saltAt+1:], mark)
				if next < 0 {
					return
				}
				b = b[next+1:]
			}
		}
	}
}
