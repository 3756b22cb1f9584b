package boltlog

import (
	"context"
	"fmt"

	"chatnode/actors/chat"
)

var _ chat.Reader = (*Log)(nil)

// Range reads a part of a room's log as actors.Reader promises. With Limit 0 it reads the position only.
func (l *Log) Range(ctx context.Context, q chat.Query) (chat.Page, error) {
	if err := ctx.Err(); err != nil {
		return chat.Page{}, fmt.Errorf("range of room %q: %w", q.Room, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return chat.Page{}, ErrClosed
	}
	v := l.view()
	defer v.close()
	p, err := v.page(q)
	if err != nil {
		return chat.Page{}, fmt.Errorf("range of room %q: %w", q.Room, err)
	}
	p.Epoch = l.epoch
	return p, nil
}

func (v *snapshot) page(q chat.Query) (chat.Page, error) {
	r, err := v.room(q.Room)
	if err != nil {
		return chat.Page{}, err
	}
	p := chat.Page{Seq: r.seq, First: r.first}
	first, last, more := cut(r.roomMeta, q)
	p.More = more
	if first > last {
		return p, nil
	}
	p.Entries = make([]chat.Entry, 0, last-first+1)
	err = v.each(r, first, last, func(rec *record) error {
		msg, err := v.resolve(r, rec)
		p.Entries = append(p.Entries, rec.entry(msg))
		return err
	})
	return p, err
}

// cut is the part of what is kept that q asks for, none when first > last, and whether Limit cut it.
func cut(p roomMeta, q chat.Query) (first, last uint64, more bool) {
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
