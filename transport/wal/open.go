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

// Options are the settings of a Log. The owner ensures that only one process opens it.
type Options struct {
	Folder string            // existing folder of NAME-1.wal and NAME-2.wal
	Name   string            // NAME
	Owner  string            // identifies the owner, at most 43 bytes; Open rejects batches of other owners
	Wrap   func(f File) File // adds a layer to the files, for example faults; nil: none

	growBy int64 // bytes; 0: defaultGrowBy
}

// defaultGrowBy is the size of a new segment and of a growth step, in bytes.
const defaultGrowBy = 1 << 20

// Open opens the log, creates it if it is missing, and calls replay, in order, with all batches whose numbers are
// above has. The slice is valid during the call. The owner must store these batches and call Release before the first
// Append. The error wraps ErrDamaged if a batch is missing, and ErrForeign if the batches have another owner.
func Open(o Options, has uint64, replay func(number uint64, batch []byte) error) (*Log, error) {
	if len(o.Owner) > maxOwner {
		return nil, fmt.Errorf("owner %q: longer than %d bytes", o.Owner, maxOwner)
	}
	if o.growBy == 0 {
		o.growBy = defaultGrowBy
	}
	l := &Log{folder: o.Folder, next: has + 1}
	var found []frame
	for i := range l.segments {
		s, content, err := o.openSegment(filepath.Join(o.Folder, fmt.Sprintf("%s-%d.wal", o.Name, i+1)))
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

// replay calls f with the frames if none is missing.
func (l *Log) replay(found []frame, f func(number uint64, batch []byte) error) error {
	slices.SortFunc(found, func(a, b frame) int { return cmp.Compare(a.number, b.number) })
	for i, fr := range found {
		if want := l.next + uint64(i); fr.number != want {
			return fmt.Errorf("batch %d is missing before batch %d: %w", want, fr.number, ErrDamaged)
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

// openSegment opens a segment and returns its content.
func (o Options) openSegment(path string) (*segment, []byte, error) {
	content, h, err := o.readSegment(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	s := &segment{path: path, file: osFile{f}, salt: h.salt, growBy: o.growBy, size: int64(len(content))}
	if o.Wrap != nil {
		s.file = o.Wrap(s.file)
	}
	s.dirty = headerSize + int64(len(bytes.TrimRight(content[headerSize:], "\x00")))
	s.used = s.dirty // the segment is wiped before the first append
	return s, content, nil
}

// readSegment reads the segment. It creates a segment that is missing, or that has no batches and another owner.
func (o Options) readSegment(path string) ([]byte, header, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return o.createSegment(path)
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
		return o.createSegment(path)
	}
	return nil, header{}, fmt.Errorf("batches of owner %q, want %q: %w", h.owner, o.Owner, ErrForeign)
}

func (o Options) createSegment(path string) ([]byte, header, error) {
	h := newHeader(o.Owner)
	if err := create(path, h, o.growBy); err != nil {
		return nil, header{}, err
	}
	return append(h.encode(), make([]byte, o.growBy-headerSize)...), h, nil
}
