package redisbus

import (
	"context"
	"slices"

	"chatnode/actors/chat"
)

// Range implements chat.Reader. A page contains every seq from its first to its last entry. The newest page is an
// exception: it does not contain the seqs of lost entries, and they do not count towards the limit.
func (s *Store) Range(ctx context.Context, q chat.Query) (chat.Page, error) {
	const op = "read log"
	newest := "0"
	if q.Newest {
		newest = "1"
	}
	c := &call{
		script: s.scripts.readRange,
		room:   q.Room,
		keys:   []string{s.keys.meta(q.Room), s.keys.log(q.Room), s.keys.amended(q.Room)},
		args:   []any{newEpoch(), q.After, q.Before, max(q.Limit, 0), newest},
	}
	if err := s.rooms.run(ctx, op, c); err != nil {
		return chat.Page{}, err
	}
	page, err := parsePage(q, c.reply)
	return page, wrapOp(op, err)
}

// parsePage parses the reply {epoch, seq, first, from, to, entries, revisions} of the range script.
func parsePage(q chat.Query, v any) (p chat.Page, err error) {
	reply, ok := v.([]any)
	if !ok || len(reply) != 7 {
		return p, errUnexpectedReply
	}
	var n [4]uint64 // seq, first, from, to
	for i := range n {
		v, ok := reply[1+i].(int64)
		if !ok || v < 0 {
			return p, errUnexpectedReply
		}
		n[i] = uint64(v)
	}
	if p.Epoch, ok = reply[0].(string); !ok {
		return p, errUnexpectedReply
	}
	p.Seq, p.First = n[0], n[1]
	from, to := n[2], n[3]
	p.More = hasMore(q, p, from, to)
	if from > to {
		return p, nil
	}
	p.Entries, err = parseEntries(from, to, reply[5], reply[6])
	if q.Newest {
		p.Entries = slices.DeleteFunc(p.Entries, func(e chat.Entry) bool { return e.ID == "" })
	}
	return p, err
}

// hasMore reports whether the requested range has entries beyond from…to because of Limit.
func hasMore(q chat.Query, p chat.Page, from, to uint64) bool {
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

// parseEntries returns the current state of the entries from…to.
func parseEntries(from, to uint64, stream, amended any) ([]chat.Entry, error) {
	list, ok := stream.([]any)
	if !ok {
		return nil, errUnexpectedReply
	}
	states, err := parseRevisions(amended)
	if err != nil {
		return nil, err
	}
	entries := make([]chat.Entry, 0, to-from+1)
	for seq := from; seq <= to; seq++ {
		var s streamEntry
		if len(list) > 0 {
			entrySeq, first, err := parseStreamEntry(list[0])
			if err != nil {
				return nil, err
			}
			if entrySeq == seq {
				s, list = first, list[1:]
			}
		}
		e, err := states.entry(seq, &s)
		if err != nil { // handled like an evicted entry, as in parseStreamEntry
			e = redacted(seq, s.id, s.id)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
