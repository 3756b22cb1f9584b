package boltlog

import (
	"context"
	"fmt"

	"chatnode/actors/chat"
)

var _ chat.Reader = (*Log)(nil)

// Range implements chat.Reader. If Limit is 0, it returns only the position.
func (l *Log) Range(ctx context.Context, q chat.Query) (chat.Page, error) {
	if err := ctx.Err(); err != nil {
		return chat.Page{}, fmt.Errorf("read room %q: %w", q.Room, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return chat.Page{}, ErrClosed
	}
	s := l.newSnapshot()
	defer s.close()
	p, err := s.page(q)
	if err != nil {
		return chat.Page{}, fmt.Errorf("read room %q: %w", q.Room, err)
	}
	p.Epoch = l.epoch
	return p, nil
}

func (s *snapshot) page(q chat.Query) (chat.Page, error) {
	r, err := s.loadRoom(q.Room)
	if err != nil {
		return chat.Page{}, err
	}
	p := chat.Page{Seq: r.seq, First: r.first}
	first, last, more := selectRange(r.roomMeta, q)
	p.More = more
	if first > last {
		return p, nil
	}
	p.Entries = make([]chat.Entry, 0, last-first+1)
	err = s.forEach(r, first, last, func(rec *record) error {
		msg, err := s.resolve(r, rec)
		p.Entries = append(p.Entries, rec.entry(msg))
		return err
	})
	return p, err
}

// selectRange returns the first and last seq that q requests, and whether Limit excludes more. The range is empty if
// first > last.
func selectRange(p roomMeta, q chat.Query) (first, last uint64, more bool) {
	first, last = p.first, p.seq
	if q.After >= last {
		return 1, 0, false
	}
	first = max(first, q.After+1)
	if q.Before > 0 {
		last = min(last, q.Before-1)
	}
	if first > last {
		return 1, 0, false
	}
	limit := uint64(max(q.Limit, 0))
	switch {
	case last-first+1 <= limit:
		return first, last, false
	case limit == 0:
		return 1, 0, true
	case q.Newest:
		return last - limit + 1, last, true
	}
	return first, first + limit - 1, true
}
