package wal

import (
	"encoding"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
)

// Why a log does not open, or does not take a batch.
var (
	ErrClosed   = errors.New("the write-ahead log is closed")
	ErrDamaged  = errors.New("the write-ahead log is damaged")
	ErrForeign  = errors.New("the write-ahead log is not of this log")
	ErrTooLarge = errors.New("the batch is too large")
)

// errNoEmptySegment says that a batch came before what Open had replayed was released.
var errNoEmptySegment = errors.New("no segment of the write-ahead log is empty")

// A Log is two open segments. Append and Rotate take turns; Release may run beside them.
type Log struct {
	folder string

	releasing sync.Mutex // one Release at a time; owns peak
	peak      int64      // how large segments have been of late

	mu       sync.Mutex // during an Append; owns what follows, but for a segment that is being scrubbed
	segments [2]*segment
	active   *segment // where batches go; nil before the first
	next     uint64   // number of the next batch
	buf      []byte
	closed   bool
}

// maxKeptBuffer is the largest buffer, in bytes, that is kept for the next batch.
const maxKeptBuffer = 1 << 20

// Append makes the batch durable and returns its number. After an error the batch will not be
// replayed once a later one was taken; until then it may be.
func (l *Log) Append(batch encoding.BinaryAppender) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return 0, ErrClosed
	}
	if err := l.ready(); err != nil {
		return 0, err
	}
	if err := l.encode(batch); err != nil {
		return 0, err
	}
	if err := l.reserve(); err != nil {
		return 0, err
	}
	if err := l.active.write(l.buf, l.next); err != nil {
		return 0, err
	}
	if cap(l.buf) > maxKeptBuffer {
		l.buf = nil
	}
	l.next++
	return l.next - 1, nil
}

// ready makes sure that a batch may be written: there is a segment for it, and nothing in doubt.
func (l *Log) ready() error {
	if l.active == nil {
		for _, s := range l.segments {
			if s.empty() {
				l.active = s
				return nil
			}
		}
		return errNoEmptySegment
	}
	return l.active.zeroFailedWrite()
}

// encode makes the next frame in the buffer.
func (l *Log) encode(batch encoding.BinaryAppender) error {
	b, err := batch.AppendBinary(append(l.buf[:0], zeros[:frameHeader]...))
	if err != nil {
		return fmt.Errorf("encode a batch: %w", err)
	}
	l.buf = b
	if len(b) > maxBatch {
		return fmt.Errorf("%d bytes: %w", len(b), ErrTooLarge)
	}
	sealFrame(b, l.next, l.active.salt)
	return nil
}

// spaceFactor is how many bytes the owner may need to move one: a page may be half empty, and copies of
// pages come before the old ones are free.
const spaceFactor = 3

// reserve refuses a frame for which the segment has to grow when the volume would be left without space
// for moving what the log holds: then it could neither go on nor be emptied.
func (l *Log) reserve() error {
	if l.active.used+int64(len(l.buf)) <= l.active.size {
		return nil
	}
	held := int64(len(l.buf))
	for _, s := range l.segments {
		held += s.dirty
	}
	free, err := freeSpace(l.folder)
	if err == nil && free < spaceFactor*held {
		err = &os.PathError{Op: "grow", Path: l.active.path, Err: syscall.ENOSPC}
	}
	return err
}

// Rotate sends the next batches to the other segment, if that is empty and this one is not, so that
// this one can be released. It settles what is in doubt.
func (l *Log) Rotate() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.active == nil || l.active.empty() {
		return nil
	}
	if err := l.active.zeroFailedWrite(); err != nil {
		return err
	}
	if other := l.other(); other.empty() {
		l.active = other
	}
	return nil
}

func (l *Log) other() *segment {
	if l.active == l.segments[0] {
		return l.segments[1]
	}
	return l.segments[0]
}

// Release says that the owner has the batches up to that number elsewhere. Segments that hold no
// other batch, and that no batch goes to, are scrubbed: at once when rest is nil, else in pieces, and rest is called after
// each with how many the segment still has.
func (l *Log) Release(upTo uint64, rest func(left int)) error {
	l.releasing.Lock()
	defer l.releasing.Unlock()
	var errs []error
	for _, s := range l.segments {
		if l.releasable(s, upTo) {
			errs = append(errs, l.wipe(s, rest))
		}
	}
	return errors.Join(errs...)
}

func (l *Log) releasable(s *segment, upTo uint64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed && s != l.active && !s.empty() && s.last <= upTo
}

// wipe empties a segment that nobody else touches, because it is neither empty nor active.
func (l *Log) wipe(s *segment, rest func(left int)) error {
	l.peak = max(s.dirty, l.peak/2)
	if err := s.wipe(s.roundUp(l.peak), rest); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.used, s.dirty, s.last = headerSize, headerSize, 0
	return nil
}

// Close closes the files and leaves in them what was not released. Calling it again does nothing.
func (l *Log) Close() error {
	l.releasing.Lock()
	defer l.releasing.Unlock()
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
