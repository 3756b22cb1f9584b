package wal

import "fmt"

// A segment is one file of the log.
type segment struct {
	path   string
	file   File
	salt   uint64
	growBy int64  // what it grows by, in bytes
	size   int64  // of what is written in the file, zeros included
	used   int64  // the header and the frames
	dirty  int64  // at least used: up to there bytes may be other than zero
	last   uint64 // the newest batch in it; 0: none is known
}

// wipeChunk is how much is scrubbed at once, in bytes.
const wipeChunk = 64 << 10

// empty reports whether nothing but the header is in it.
func (s *segment) empty() bool { return s.dirty == headerSize }

// write appends a frame and makes it durable. After an error it is in doubt, and settle comes first.
func (s *segment) write(b []byte, number uint64) error {
	end := s.used + int64(len(b))
	s.dirty = end
	if _, err := s.file.WriteAt(b, s.used); err != nil {
		return fmt.Errorf("write to %s: %w", s.path, err)
	}
	if end > s.size {
		s.grow(end, s.roundUp(end))
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("sync %s: %w", s.path, err)
	}
	s.used, s.last = end, number
	return nil
}

// zeroFailedWrite makes sure that the frame whose write failed is not in the file, and will not be.
func (s *segment) zeroFailedWrite() error {
	if s.dirty == s.used {
		return nil
	}
	err := writeZeros(s.file, s.used, min(s.dirty, s.size))
	if err == nil && s.dirty > s.size {
		err = s.file.Truncate(s.size) // zeros there might find no space
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("settle a failed write to %s: %w", s.path, err)
	}
	s.dirty = s.used
	return nil
}

// wipe writes zeros over everything behind the header, and makes the file about as large as wanted. With a rest it does so
// in pieces, each of them synced: an append to the other segment waits on the disk for no more than one.
func (s *segment) wipe(want int64, rest func(left int)) error {
	end, grown := max(s.size, s.dirty), true
	err := s.wipeInChunks(headerSize, s.dirty, max(0, want-end), rest, func(from, to int64) error { return writeZeros(s.file, from, to) })
	switch {
	case err != nil:
	case s.size < want:
		err = s.wipeInChunks(end, want, 0, rest, func(from, to int64) error {
			if grown {
				s.grow(from, to)
				grown = s.size == to
			}
			return nil
		})
	case s.size > 2*want:
		if err = s.file.Truncate(want); err == nil {
			s.size = want
		}
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("scrub %s: %w", s.path, err)
	}
	return nil
}

// wipeInChunks calls f for what lies between two offsets, all of it when there is no rest. After it come more bytes that
// rest has to know of.
func (s *segment) wipeInChunks(from, to, more int64, rest func(left int), f func(from, to int64) error) error {
	if rest == nil {
		return f(from, to)
	}
	for from < to {
		next := min((from/wipeChunk+1)*wipeChunk, to)
		if err := f(from, next); err != nil {
			return err
		}
		if err := s.file.Sync(); err != nil {
			return err
		}
		from = next
		rest(int((to - from + more + wipeChunk - 1) / wipeChunk))
	}
	return nil
}

// grow writes zeros behind end, where the file ends now. It is no fault when they find no space:
// what is appended there only costs more.
func (s *segment) grow(end, to int64) {
	s.size = to
	if err := writeZeros(s.file, end, to); err != nil {
		s.size = end
		_ = s.file.Truncate(end) // what is left of them reads as the same zeros
	}
}

func (s *segment) roundUp(size int64) int64 { return (size + s.growBy - 1) / s.growBy * s.growBy }
