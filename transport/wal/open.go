package wal

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Options say which log to open. Whoever opens it makes sure that nobody else does.
type Options struct {
	Folder string            // where the segments are, NAME-1.wal and NAME-2.wal; it is there
	Name   string            // NAME
	Owner  string            // whose batches they are, at most 43 bytes: those of another are refused
	Wrap   func(f File) File // puts something between the log and its files, such as faults; nil: nothing

	unit int64 // 0: defaultUnit
}

// defaultUnit is the size of a new segment, and what segments grow by, in bytes.
const defaultUnit = 1 << 20

// Open opens the log, makes it when it is missing, and calls replay with every batch that is newer
// than the owner has, in order; what it is given is valid during the call. Before the first Append the owner
// moves them and calls Release. The error wraps ErrDamaged when a batch is missing, and ErrForeign when the
// batches are not the owner's.
func Open(o Options, has uint64, replay func(number uint64, batch []byte) error) (*Log, error) {
	if len(o.Owner) > maxOwner {
		return nil, fmt.Errorf("owner %q is longer than %d bytes", o.Owner, maxOwner)
	}
	if o.unit == 0 {
		o.unit = defaultUnit
	}
	l := &Log{folder: o.Folder, next: has + 1}
	var found []frame
	for i := range l.segments {
		s, content, err := o.segment(filepath.Join(o.Folder, fmt.Sprintf("%s-%d.wal", o.Name, i+1)))
		if err != nil {
			return nil, errors.Join(err, closeAll(l.segments[:]))
		}
		l.segments[i] = s
		for f := range frames(content[headerSize:], s.salt) {
			s.last = max(s.last, f.number)
			if f.number > has {
				found = append(found, f)
			}
		}
	}
	if err := l.replay(found, replay); err != nil {
		return nil, errors.Join(err, closeAll(l.segments[:]))
	}
	return l, nil
}

// replay hands over the frames if all are there.
func (l *Log) replay(found []frame, f func(number uint64, batch []byte) error) error {
	slices.SortFunc(found, func(a, b frame) int { return cmp.Compare(a.number, b.number) })
	for i, fr := range found {
		if want := l.next + uint64(i); fr.number != want {
			return fmt.Errorf("batch %d is missing and batch %d is there: %w", want, fr.number, ErrDamaged)
		}
	}
	for _, fr := range found {
		if err := f(fr.number, fr.batch); err != nil {
			return err
		}
		l.next = fr.number + 1
	}
	return nil
}

// segment opens one of them and reads all of it.
func (o Options) segment(path string) (*segment, []byte, error) {
	content, h, err := o.read(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	s := &segment{path: path, file: osFile{f}, salt: h.salt, growBy: o.unit, size: int64(len(content))}
	if o.Wrap != nil {
		s.file = o.Wrap(s.file)
	}
	s.dirty = headerSize + int64(len(bytes.TrimRight(content[headerSize:], "\x00")))
	s.used = s.dirty // nothing is appended before it is scrubbed
	return s, content, nil
}

// read reads the segment, which is made when it is missing, or when another owner has left it empty.
func (o Options) read(path string) ([]byte, header, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return o.make(path)
	}
	if err != nil {
		return nil, header{}, err
	}
	h, err := decodeHeader(content)
	switch {
	case err != nil:
		return nil, header{}, err
	case h.owner == o.Owner:
		return content, h, nil
	case len(bytes.Trim(content[headerSize:], "\x00")) == 0:
		return o.make(path)
	}
	return nil, header{}, fmt.Errorf("its batches are of %q, not %q: %w", h.owner, o.Owner, ErrForeign)
}

func (o Options) make(path string) ([]byte, header, error) {
	h := newHeader(o.Owner)
	if err := create(path, h, o.unit); err != nil {
		return nil, header{}, err
	}
	return append(h.encode(), make([]byte, o.unit-headerSize)...), h, nil
}
