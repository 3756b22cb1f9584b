package redisbus

import (
	"errors"
	"strconv"
	"strings"

	"chatnode/actors/chat"
)

// errReply answers a reply of a script of ours that does not look as the script makes it.
var errReply = errors.New("a script replied something unexpected")

// Results of the append script that are no seq.
const (
	notFound  = -1
	forbidden = -2
	tooFar    = -3
)

// receipts reads the replies of the plan's calls into out. far are the writes that were not done,
// because an id lies too far from its hint.
func (p *plan) receipts(batch []chat.Write, out []chat.Receipt) (far []int, err error) {
	for c, call := range p.calls {
		reply, ok := call.reply.([]any)
		if !ok || len(reply) != 2+len(p.index[c]) {
			return nil, errReply
		}
		epoch, ok1 := reply[0].(string)
		at, ok2 := reply[1].(int64)
		if !ok1 || !ok2 {
			return nil, errReply
		}
		p.clock.observe(at)
		for n, i := range p.index[c] {
			if reply[2+n] == int64(tooFar) {
				far = append(far, i)
				continue
			}
			r := chat.Receipt{Epoch: epoch, At: at}
			if !complete(&r, &batch[i], reply[2+n]) {
				return nil, errReply
			}
			out[i] = r
		}
	}
	return far, nil
}

// complete fills in the receipt r of the write w from its result.
func complete(r *chat.Receipt, w *chat.Write, result any) bool {
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

// parseEarlier reads '<seq> <ms> <id> <target>', what was stored under the key before.
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
