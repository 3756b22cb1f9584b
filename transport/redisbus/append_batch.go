package redisbus

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strconv"

	"chatnode/actors/chat"
)

// keyDigestSize is how many bytes of a key's SHA-256 stand for it: 14 fill one allocation of Redis with
// its header, and 112 bits collide by no accident.
const keyDigestSize = 14

// A plan is a batch sorted by room: one call of the append script each, which keeps the batch's
// order within the room.
type plan struct {
	calls []*call
	index [][]int // index[c][n]: where the nth write of call c stands in the batch
	clock *clock  // that its receipts teach
}

// planner turns batches into plans.
type planner struct {
	keys     keys
	script   *script
	history  int
	bucket   int64  // ms
	patience int64  // ms
	sender   string // the envelope's members that name this node
	clock    *clock
	rooms    map[string]*roomNames // those written to lately
}

// roomNames are what a call of a room says of it, made once for many calls.
type roomNames struct {
	keys            []string
	channel, member any
}

// maxRooms bounds the rooms whose names are kept.
const maxRooms = 4096

// plan sorts the batch. places, which may be nil, says where ids were found, by room.
func (p *planner) plan(batch []chat.Write, places map[string]idIndex) (*plan, error) {
	out := &plan{clock: p.clock}
	until := p.clock.after(p.patience)
	byRoom := make(map[string]int, 1)
	for i := range batch {
		room := batch[i].Room
		c, known := byRoom[room]
		if !known {
			c = len(out.index)
			byRoom[room] = c
			out.index = append(out.index, nil)
		}
		out.index[c] = append(out.index[c], i)
	}
	out.calls = make([]*call, len(out.index))
	for c, writes := range out.index {
		room := batch[writes[0]].Room
		k := p.open(room, len(writes), until)
		for _, i := range writes {
			w := &batch[i]
			raiseFloor(k.args, w.Floor)
			args, err := appendWrite(k.args, w, places[room])
			if err != nil {
				return nil, fmt.Errorf("write %d of the batch, id %q: %w", i, w.ID, err)
			}
			k.args = args
		}
		out.calls[c] = k
	}
	return out, nil
}

// open starts the call of one room, with so many writes, which may be stored until the time until.
func (p *planner) open(room string, writes int, until int64) *call {
	names := p.names(room)
	args := make([]any, 0, 10+5*writes) // enough for messages, which nearly all of them are
	return &call{
		script: p.script,
		room:   room,
		keys:   names.keys,
		args:   append(args, p.history, newEpoch(), p.bucket, p.keys.publish(), names.channel, p.sender, names.member, "", uint64(0), until),
	}
}

func (p *planner) names(room string) *roomNames {
	if n := p.rooms[room]; n != nil {
		return n
	}
	if p.rooms == nil || len(p.rooms) >= maxRooms {
		p.rooms = map[string]*roomNames{}
	}
	n := &roomNames{
		keys:    []string{p.keys.meta(room), p.keys.log(room), p.keys.amended(room), p.keys.idem(room)},
		channel: p.keys.broadcast(room), member: roomMember(room),
	}
	p.rooms[room] = n
	return n
}

// Where the floor and the deadline stand among the script's arguments.
const (
	floorEpoch   = 7
	floorSeq     = 8
	callDeadline = 9
)

// raiseFloor notes the floor of a write, if it is the highest of its call's.
func raiseFloor(args []any, f chat.Floor) {
	if f.Epoch != "" && (args[floorEpoch] != f.Epoch || args[floorSeq].(uint64) < f.Seq) {
		args[floorEpoch], args[floorSeq] = f.Epoch, f.Seq
	}
}

// appendWrite appends the script's arguments of one write.
func appendWrite(args []any, w *chat.Write, at idIndex) ([]any, error) {
	if !plain(w.ID) {
		return nil, fmt.Errorf("an id must be 1 to %d printable characters without quotes, backslashes and spaces", maxID)
	}
	if w.Again {
		args = append(args, "a")
	}
	if w.Tried {
		args = append(args, "t", at.hint(w.ID, 0))
	}
	switch w.Kind {
	case chat.EntryMessage:
		return append(args, "m", w.ID, keyDigest(w.Key), author(w.Author), quote(w.Text)), nil
	case chat.EntryEdit:
		return append(args, "e", w.ID, keyDigest(w.Key), authorPrefix(w.Author), w.Target, at.hint(w.Target, w.Hint), quote(w.Text)), nil
	case chat.EntryDelete:
		return append(args, "d", w.ID, keyDigest(w.Key), authorPrefix(w.Author), w.Target, at.hint(w.Target, w.Hint)), nil
	case chat.EntryBulkDelete:
		return append(args, "b", w.ID, keyDigest(w.Key), authorPrefix(w.Author), quote(w.UserID)), nil
	}
	return nil, fmt.Errorf("unknown kind %d", w.Kind)
}

// keyDigest is the short form of a key, empty for none.
func keyDigest(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return string(sum[:keyDigestSize])
}

// newEpoch is a candidate for a room that has none. Each call needs a fresh one: a room that lost
// its data must not get the epoch that it had.
func newEpoch() string { return strconv.FormatUint(rand.Uint64(), 36) }

func roomMember(room string) string { return `"room":` + quote(room) }
