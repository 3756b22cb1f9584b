package wal

import (
	"encoding"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"

	"chatnode/transport/disk"
)

// Errors of Open and Append.
var (
	ErrClosed   = errors.New("write-ahead log closed")
	ErrDamaged  = errors.New("write-ahead log damaged")
	ErrForeign  = errors.New("write-ahead log of another log")
	ErrTooLarge = errors.New("batch too large")
)

// errNoEmptySegment is returned by Append if the owner did not release the replayed batches.
var errNoEmptySegment = errors.New("no empty segment in the write-ahead log")

// Log is two open segments. Append and Rotate run one at a time. Release may run at the same time as they.
type Log struct {
	folder string

	releaseMu sync.Mutex // held by Release; guards peak
	peak      int64      // recent maximum size of a segment

	mu       sync.Mutex // held by Append; guards the fields below, except a segment that is being wiped
	segments [2]*segment
	active   *segment // target of Append; nil before the first batch
	next     uint64   // number of the next batch
	frame    []byte   // buffer of encode
	closed   bool
}

// maxKeptBuffer is the largest buffer, in bytes, that is reused for the next batch.
const maxKeptBuffer = 1 << 20

// Append makes the batch durable and returns its number. After an error, the batch may be replayed until a later
// Append succeeds.
func (l *Log) Append(batch encoding.BinaryAppender) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, ErrClosed
	}
	if err := l.prepareSegment(); err != nil {
		return 0, err
	}
	if err := l.encode(batch); err != nil {
		return 0, err
	}
	if err := l.checkSpace(); err != nil {
		return 0, err
	}
	if err := l.active.write(l.frame, l.next); err != nil {
		return 0, err
	}
	if cap(l.frame) > maxKeptBuffer {
		l.frame = nil
	}
	l.next++
	return l.next - 1, nil
}

// prepareSegment selects an empty segment if none is active, and removes a failed write.
func (l *Log) prepareSegment() error {
	if l.active == nil {
		for _, s := range l.segments {
			if s.isEmpty() {
				l.active = s
				return nil
			}
		}
		return errNoEmptySegment
	}
	return l.active.zeroFailedWrite()
}

// encode writes the next frame to the buffer.
func (l *Log) encode(batch encoding.BinaryAppender) error {
	b, err := batch.AppendBinary(append(l.frame[:0], zeros[:frameHeader]...))
	if err != nil {
		return fmt.Errorf("encode batch: %w", err)
	}
	l.frame = b
	if len(b) > maxBatch {
		return fmt.Errorf("%w: %d bytes, limit %d", ErrTooLarge, len(b), maxBatch)
	}
	sealFrame(b, l.next, l.active.salt)
	return nil
}

// spaceFactor is the space, in bytes, that moving one byte may need. Pages may be half empty, and bbolt copies pages
// before it frees the old ones.
const spaceFactor = 3

// checkSpace returns an error if the segment would have to grow and the volume would have too little space left to
// move all batches. Otherwise a full volume could neither accept nor move batches.
func (l *Log) checkSpace() error {
	if l.active.used+int64(len(l.frame)) <= l.active.size {
		return nil
	}
	total := int64(len(l.frame))
	for _, s := range l.segments {
		total += s.dirty
	}
	free, err := disk.FreeSpace(l.folder)
	if err == nil && free < spaceFactor*total {
		err = &os.PathError{Op: "grow", Path: l.active.path, Err: syscall.ENOSPC}
	}
	return err
}

// Rotate makes the other segment active if that is empty and the active one is not, so that the active one can be
// released. It also removes a failed write.
func (l *Log) Rotate() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.active == nil || l.active.isEmpty() {
		return nil
	}
	if err := l.active.zeroFailedWrite(); err != nil {
		return err
	}
	if other := l.otherSegment(); other.isEmpty() {
		l.active = other
	}
	return nil
}

func (l *Log) otherSegment() *segment {
	if l.active == l.segments[0] {
		return l.segments[1]
	}
	return l.segments[0]
}

// Release frees the batches up to number upTo, which the owner has stored elsewhere. It wipes all inactive
// segments without later batches. If sleep is nil, it wipes a segment at once. Otherwise it calls sleep after each
// chunk, with the number of chunks left.
func (l *Log) Release(upTo uint64, sleep func(left int)) error {
	l.releaseMu.Lock()
	defer l.releaseMu.Unlock()
	var errs []error
	for _, s := range l.segments {
		if l.canRelease(s, upTo) {
			errs = append(errs, l.wipe(s, sleep))
		}
	}
	return errors.Join(errs...)
}

func (l *Log) canRelease(s *segment, upTo uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed && s != l.active && !s.isEmpty() && s.last <= upTo
}

// wipe empties a segment. No other method uses it during this time, because it is neither empty nor active.
func (l *Log) wipe(s *segment, sleep func(left int)) error {
	l.peak = max(s.dirty, l.peak/2)
	if err := s.wipe(s.roundUp(l.peak), sleep); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.used, s.dirty, s.last = headerSize, headerSize, 0
	return nil
}

// Close closes the files, which keep the batches that were not released. Further calls do nothing.
func (l *Log) Close() error {
	l.releaseMu.Lock()
	defer l.releaseMu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	return closeAll(l.segments[:])
}

func closeAll(segments []*segment) error {
	var errs []error
	for _, s := range segments {
		if s != nil {
			errs = append(errs, s.file.Close())
		}
	}
	return errors.Join(errs...)
}
