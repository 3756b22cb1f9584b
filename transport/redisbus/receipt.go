package redisbus

import (
	"errors"
	"strconv"
	"strings"

	"chatnode/actors/chat"
)

// errUnexpectedReply means that the reply of a script has the wrong form.
var errUnexpectedReply = errors.New("unexpected script reply")

// Negative results of the append script. Other results are a seq.
const (
	notFound  = -1
	forbidden = -2
	tooFar    = -3
)

// parseReceipts parses the replies of the calls into out. far are the indexes of the writes that were not executed,
// because an id is too far from its hint.
func (p *batchPlan) parseReceipts(batch []chat.Write, out []chat.Receipt) (far []int, err error) {
	for c, call := range p.calls {
		reply, ok := call.reply.([]any)
		if !ok || len(reply) != 2+len(p.index[c]) {
			return nil, errUnexpectedReply
		}
		epoch, ok1 := reply[0].(string)
		at, ok2 := reply[1].(int64)
		if !ok1 || !ok2 {
			return nil, errUnexpectedReply
		}
		p.clock.observe(at)
		for n, i := range p.index[c] {
			if reply[2+n] == int64(tooFar) {
				far = append(far, i)
				continue
			}
			r := chat.Receipt{Epoch: epoch, At: at}
			if !fillReceipt(&r, &batch[i], reply[2+n]) {
				return nil, errUnexpectedReply
			}
			out[i] = r
		}
	}
	return far, nil
}

// fillReceipt fills in the receipt r of the write w. It returns false if result is invalid.
func fillReceipt(r *chat.Receipt, w *chat.Write, result any) bool {
	switch v := result.(type) {
	case int64:
		switch {
		case v == notFound:
			*r = chat.Receipt{Refused: chat.RefusedNotFound}
		case v == forbidden:
			*r = chat.Receipt{Refused: chat.RefusedForbidden}
		case v > 0:
			r.Seq, r.ID, r.Target = uint64(v), w.ID, w.Target
		default:
			return false
		}
		return true
	case string:
		return parseEarlier(r, v)
	}
	return false
}

// parseEarlier parses '<seq> <ms> <id> <target>', the entry that was stored earlier with the same key.
func parseEarlier(r *chat.Receipt, text string) bool {
	parts := strings.SplitN(text, " ", 4)
	if len(parts) != 4 {
		return false
	}
	seq, err1 := strconv.ParseUint(parts[0], 10, 64)
	at, err2 := strconv.ParseInt(parts[1], 10, 64)
	r.Seq, r.At, r.ID, r.Target, r.Duplicate = seq, at, parts[2], parts[3], true
	return err1 == nil && err2 == nil
}
