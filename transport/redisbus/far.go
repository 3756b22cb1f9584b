package redisbus

import (
	"context"
	"errors"
	"strconv"

	"github.com/redis/go-redis/v9"

	"chatnode/actors/chat"
)

// idIndex says where in one room's log ids were looked for and found.
type idIndex struct {
	seq map[string]uint64 // of an id that was found, by its own part
	end uint64            // every id was looked for up to here; 0: nobody looked
}

// hint is what the script is told of an id: where it is or is not before, where somebody has
// looked; else the known seq, or the one in the id, as a place to begin.
func (p idIndex) hint(id string, known uint64) string {
	if p.end > 0 {
		seq, found := p.seq[writePart(id)]
		if !found {
			seq = p.end + 1
		}
		return "=" + strconv.FormatUint(seq, 10)
	}
	if known == 0 {
		known = seqHint(id)
	}
	return strconv.FormatUint(known, 10)
}

// scanPage is how many entries are read in one round trip when a whole log is looked through. Redis
// spends some 0.2 ms on them, and serves others in between.
const scanPage = 512

// appendWithScan does what the script left undone: it looks through the logs from outside, and appends
// with what it found. Those writes come behind the rest of their batch.
func (a *Appender) appendWithScan(ctx context.Context, batch []chat.Write, receipts []chat.Receipt, far []int) error {
	rest := make([]chat.Write, len(far))
	wanted := map[string]map[string]bool{}
	for n, i := range far {
		rest[n] = batch[i]
		if wanted[batch[i].Room] == nil {
			wanted[batch[i].Room] = map[string]bool{}
		}
		wanted[batch[i].Room][writePart(batch[i].ID)], wanted[batch[i].Room][writePart(batch[i].Target)] = true, true
	}
	at := map[string]idIndex{}
	for room, ids := range wanted {
		p, err := a.scanLog(ctx, room, ids)
		if err != nil {
			return err
		}
		at[room] = p
	}
	done := make([]chat.Receipt, len(rest))
	still, err := a.append(ctx, rest, done, at)
	if err != nil {
		return err
	}
	if len(still) > 0 { // so much was appended in the meantime that the tail alone is too long
		return wrapOp("append", errors.New("the log grows faster than it can be looked through"))
	}
	for n, i := range far {
		receipts[i] = done[n]
	}
	return nil
}

// scanLog reads the room's whole log and notes the places of the ids.
func (a *Appender) scanLog(ctx context.Context, room string, ids map[string]bool) (idIndex, error) {
	p := idIndex{seq: map[string]uint64{}}
	from := "-"
	err := a.conn.do("look through the log", func(c redis.UniversalClient) error {
		for {
			page, err := c.XRangeN(ctx, a.keys.log(room), from, "+", scanPage).Result()
			if err != nil {
				return err
			}
			for _, entry := range page {
				if p.end, err = seqOf(entry.ID); err != nil {
					return err
				}
				if id, _ := entry.Values["i"].(string); ids[writePart(id)] {
					p.seq[writePart(id)] = p.end
				}
				from = "(" + entry.ID
			}
			if len(page) < scanPage {
				return nil
			}
		}
	})
	return p, err
}
