package redisbus

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strconv"

	"chatnode/actors/chat"
)

// keyDigestSize is the number of bytes of the SHA-256 of a key that are stored in Redis. With its header, a string of
// 14 bytes fills one allocation of Redis. Accidental collisions of 112 bits are negligible.
const keyDigestSize = 14

// batchPlan is a batch grouped by room, with one call of the append script per room. The order of the batch is kept
// within each room.
type batchPlan struct {
	calls []*call
	index [][]int // index[c][n]: position in the batch of write n of call c
	clock *clock  // updated by parseReceipts
}

// planner builds the calls of batches.
type planner struct {
	keys        keys
	script      *script
	historySize int
	bucketMs    int64
	deadlineMs  int64
	sender      string // envelope members that name this node
	clock       *clock
	rooms       map[string]*roomNames // cache of recently written rooms
}

// roomNames are the arguments that all calls of a room share.
type roomNames struct {
	keys            []string
	channel, member any
}

// maxRooms is the maximum size of the cache of roomNames.
const maxRooms = 4096

// build groups the batch by room. places may be nil; it contains ids that were found in the log, by room.
func (p *planner) build(batch []chat.Write, places map[string]idIndex) (*batchPlan, error) {
	out := &batchPlan{clock: p.clock}
	deadline := p.clock.after(p.deadlineMs)
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
		k := p.newCall(room, len(writes), deadline)
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

// newCall returns a call for one room without its writes. writes is their expected number. deadline is the time of
// Redis, in ms, until which they may be stored.
func (p *planner) newCall(room string, writes int, deadline int64) *call {
	names := p.names(room)
	args := make([]any, 0, 10+5*writes) // messages need 5 arguments each
	return &call{
		script: p.script,
		room:   room,
		keys:   names.keys,
		args: append(args, p.historySize, newEpoch(), p.bucketMs, p.keys.publish(), names.channel,
			p.sender, names.member, "", uint64(0), deadline),
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

// Indexes of the floor and the deadline in the arguments of the script.
const (
	floorEpochArg = 7
	floorSeqArg   = 8
	deadlineArg   = 9
)

// raiseFloor sets the floor of a call to f if it is higher than the current one.
func raiseFloor(args []any, f chat.Floor) {
	if f.Epoch != "" && (args[floorEpochArg] != f.Epoch || args[floorSeqArg].(uint64) < f.Seq) {
		args[floorEpochArg], args[floorSeqArg] = f.Epoch, f.Seq
	}
}

// appendWrite appends the arguments of one write.
func appendWrite(args []any, w *chat.Write, at idIndex) ([]any, error) {
	if !isPlainID(w.ID) {
		return nil, fmt.Errorf("an id must have 1 to %d printable characters without quotes, backslashes and spaces", maxID)
	}
	if w.Again {
		args = append(args, "a")
	}
	if w.Tried {
		args = append(args, "t", at.hint(w.ID, 0))
	}
	if !w.Kind.Valid() {
		return nil, fmt.Errorf("unknown kind %d", w.Kind)
	}
	code := w.Kind.Code()
	switch w.Kind {
	case chat.EntryMessage:
		return append(args, code, w.ID, keyDigest(w.Key), authorMembers(w.Author), quote(w.Text)), nil
	case chat.EntryEdit:
		return append(args, code, w.ID, keyDigest(w.Key), authorPrefix(w.Author), w.Target, at.hint(w.Target, w.Hint), quote(w.Text)), nil
	case chat.EntryDelete:
		return append(args, code, w.ID, keyDigest(w.Key), authorPrefix(w.Author), w.Target, at.hint(w.Target, w.Hint)), nil
	case chat.EntryBulkDelete:
		return append(args, code, w.ID, keyDigest(w.Key), authorPrefix(w.Author), quote(w.UserID)), nil
	}
	return nil, fmt.Errorf("kind %d has no arguments", w.Kind)
}

// keyDigest returns the short form of a key; empty if key is empty.
func keyDigest(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return string(sum[:keyDigestSize])
}

// newEpoch returns a random epoch for a room that has none. Each call needs a new one, because a room that lost its
// data must not get its previous epoch again.
func newEpoch() string { return strconv.FormatUint(rand.Uint64(), 36) }

func roomMember(room string) string { return `"room":` + quote(room) }
