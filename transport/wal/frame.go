package wal

import (
	"bytes"
	"encoding/binary"
	"iter"

	"chatnode/transport/disk"
)

// frame is one batch in a segment.
type frame struct {
	number uint64
	batch  []byte
}

// Offsets in a frame, in bytes. Numbers are little-endian. The checksum covers everything after it.
const (
	lengthAt    = 4
	numberAt    = 8
	saltAt      = 16
	frameHeader = 24
)

// maxBatch is the maximum size of a batch, in bytes.
const maxBatch = 1 << 30

// sealFrame writes the header of a frame. b contains space for it, then the batch.
func sealFrame(b []byte, number, salt uint64) {
	binary.LittleEndian.PutUint32(b[lengthAt:], uint32(len(b)-frameHeader))
	binary.LittleEndian.PutUint64(b[numberAt:], number)
	binary.LittleEndian.PutUint64(b[saltAt:], salt)
	binary.LittleEndian.PutUint32(b, disk.Checksum(b[lengthAt:]))
}

// readFrame decodes the frame at the start of b and returns its size; 0: no valid frame.
func readFrame(b []byte, salt uint64) (frame, int) {
	if len(b) < frameHeader || binary.LittleEndian.Uint64(b[saltAt:]) != salt {
		return frame{}, 0
	}
	size := frameHeader + int64(binary.LittleEndian.Uint32(b[lengthAt:]))
	if size > int64(len(b)) || disk.Checksum(b[lengthAt:size]) != binary.LittleEndian.Uint32(b) {
		return frame{}, 0
	}
	return frame{binary.LittleEndian.Uint64(b[numberAt:]), b[frameHeader:size]}, int(size)
}

// frames yields all valid frames in b, and skips other bytes between them.
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
