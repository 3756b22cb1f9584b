package wal

import "fmt"

// segment is one file of the log. Invariant: headerSize <= used <= dirty.
type segment struct {
	path   string
	file   File
	salt   uint64
	growBy int64  // growth step, in bytes
	size   int64  // written bytes of the file, including zeros
	used   int64  // size of the header and the frames
	dirty  int64  // all bytes from here on are zero
	last   uint64 // number of the newest batch; 0: none
}

// wipeChunk is the size of one chunk of wipe, in bytes.
const wipeChunk = 64 << 10

// isEmpty reports whether the segment contains only its header.
func (s *segment) isEmpty() bool { return s.dirty == headerSize }

// write appends a frame and makes it durable. After an error, zeroFailedWrite must run before the next write.
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

// zeroFailedWrite overwrites the frame of a failed write with durable zeros.
func (s *segment) zeroFailedWrite() error {
	if s.dirty == s.used {
		return nil
	}
	err := writeZeros(s.file, s.used, min(s.dirty, s.size))
	if err == nil && s.dirty > s.size {
		err = s.file.Truncate(s.size) // because there may be no space for zeros
	}
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("remove failed write to %s: %w", s.path, err)
	}
	s.dirty = s.used
	return nil
}

// wipe writes zeros over everything after the header, and changes the size of the file to about want. If sleep is not
// nil, it writes and syncs one chunk at a time, so that an append to the other segment waits for at most one of them.
func (s *segment) wipe(want int64, sleep func(left int)) error {
	end, grown := max(s.size, s.dirty), true
	err := s.wipeInChunks(headerSize, s.dirty, max(0, want-end), sleep, func(from, to int64) error { return writeZeros(s.file, from, to) })
	switch {
	case err != nil:
	case s.size < want:
		err = s.wipeInChunks(end, want, 0, sleep, func(from, to int64) error {
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
		return fmt.Errorf("wipe %s: %w", s.path, err)
	}
	return nil
}

// wipeInChunks calls f for each chunk between two offsets, or once if sleep is nil. more is the number of bytes to
// wipe later, which sleep has to know.
func (s *segment) wipeInChunks(from, to, more int64, sleep func(left int), f func(from, to int64) error) error {
	if sleep == nil {
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
		sleep(int((to - from + more + wipeChunk - 1) / wipeChunk))
	}
	return nil
}

// grow writes zeros from end, the current end of the file. If the disk is full, it truncates the file to end again.
// Appends then extend the file, which makes their fsync slower.
func (s *segment) grow(end, to int64) {
	s.size = to
	if err := writeZeros(s.file, end, to); err != nil {
		s.size = end
		_ = s.file.Truncate(end) // a rest of zeros does no harm
	}
}

func (s *segment) roundUp(size int64) int64 { return (size + s.growBy - 1) / s.growBy * s.growBy }
