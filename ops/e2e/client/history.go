package client

import (
	"context"
	"fmt"
	"slices"
)

// History reads the whole history of a room, page by page from the newest, and returns it oldest first. pageSize is the
// limit of each request.
func (s *Session) History(ctx context.Context, room string, pageSize int) ([]Message, error) {
	var pages [][]Message
	before := uint64(0)
	for n := 0; ; n++ {
		id := fmt.Sprintf("history-%d-%d", before, n)
		page, more, err := s.page(ctx, Command{Type: "history", ID: id, Room: room, Before: before, Limit: pageSize})
		if err != nil {
			return nil, err
		}
		pages = append(pages, page)
		if !more {
			break
		}
		if len(page) == 0 {
			return nil, fmt.Errorf("history before %d: an empty page that says there is more", before)
		}
		before = page[0].Seq
	}
	slices.Reverse(pages)
	return slices.Concat(pages...), nil
}

func (s *Session) page(ctx context.Context, c Command) (page []Message, more bool, err error) {
	if err := s.Send(c); err != nil {
		return nil, false, err
	}
	f, err := s.Await(ctx, func(f Frame) bool { return f.ID == c.ID })
	if err != nil {
		return nil, false, fmt.Errorf("history before %d: %w", c.Before, err)
	}
	if f.Type != "message_history" {
		return nil, false, fmt.Errorf("history before %d answered by %s", c.Before, f.Raw)
	}
	page, err = Decode[[]Message](f)
	if err != nil {
		return nil, false, fmt.Errorf("history before %d: %w", c.Before, err)
	}
	if len(page) > c.Limit {
		return nil, false, fmt.Errorf("history before %d: %d messages, asked for %d", c.Before, len(page), c.Limit)
	}
	return page, f.More, nil
}
