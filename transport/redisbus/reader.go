package redisbus

import (
	"context"
	"slices"

	"chatnode/actors/chat"
)

// Range implements actors.Reader. Every seq from the page's first to its last entry is there, but in the newest
// page: places of which nothing is known are left out of that, and do not count.
func (s *Store) Range(ctx context.Context, q chat.Query) (chat.Page, error) {
	const doing = "read the log"
	newest := "0"
	if q.Newest {
		newest = "1"
	}
	c := &call{
		script: s.scripts.page,
		room:   q.Room,
		keys:   []string{s.keys.meta(q.Room), s.keys.log(q.Room), s.keys.amended(q.Room)},
		args:   []any{newEpoch(), q.After, q.Before, max(q.Limit, 0), newest},
	}
	if err := s.rooms.run(ctx, doing, c); err != nil {
		return chat.Page{}, err
	}
	page, err := readPage(q, c.reply)
	return page, wrapOp(doing, err)
}

// readPage reads the range script's reply {epoch, seq, first, from, to, entries, amendments}.
func readPage(q chat.Query, v any) (p chat.Page, err error) {
	reply, ok := v.([]any)
	if !ok || len(reply) != 7 {
		return p, errReply
	}
	var n [4]uint64 // seq, first, from, to
	for i := range n {
		v, ok := reply[1+i].(int64)
		if !ok || v < 0 {
			return p, errReply
		}
		n[i] = uint64(v)
	}
	if p.Epoch, ok = reply[0].(string); !ok {
		return p, errReply
	}
	p.Seq, p.First = n[0], n[1]
	from, to := n[2], n[3]
	p.More = more(q, p, from, to)
	if from > to {
		return p, nil
	}
	p.Entries, err = readEntries(from, to, reply[5], reply[6])
	if q.Newest {
		p.Entries = slices.DeleteFunc(p.Entries, func(e chat.Entry) bool { return e.ID == "" })
	}
	return p, err
}

// more reports whether Limit cut the asked range.
func more(q chat.Query, p chat.Page, from, to uint64) bool {
	low, high := max(q.After+1, p.First), p.Seq
	if q.Before > 0 {
		high = min(high, q.Before-1)
	}
	if low > high {
		return false
	}
	if q.Newest {
		return from > low
	}
	return to < high
}

// readEntries makes the entries from…to as they stand now.
func readEntries(from, to uint64, stream, amended any) ([]chat.Entry, error) {
	list, ok := stream.([]any)
	if !ok {
		return nil, errReply
	}
	states, err := readAmendments(amended)
	if err != nil {
		return nil, err
	}
	entries := make([]chat.Entry, 0, to-from+1)
	for seq := from; seq <= to; seq++ {
		var s streamEntry
		if len(list) > 0 {
			place, first, err := parseStreamEntry(list[0])
			if err != nil {
				return nil, err
			}
			if place == seq {
				s, list = first, list[1:]
			}
		}
		e, err := states.entry(seq, &s)
		if err != nil { // as good as evicted, see readStored
			e = redacted(seq, s.id, s.id)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
