package actors

import (
	"context"
	"math"
)

// A writeIndex says where in the logs the writes stand that a replay asks about, page after page of the
// journal: each entry of a log is read once, however many pages there are. It belongs to whom it was sent
// to last, the journal or the store, and lives as long as one replay; after a failure the log may have
// lost what it knows.
type writeIndex struct {
	rooms map[string]*roomIndex
	most  int // entries that it remembers before it begins anew
}

// indexMost bounds an index: some 100 bytes an entry.
const indexMost = 1 << 20

// roomIndex is what a walk through one room's log has brought.
type roomIndex struct {
	epoch  string
	from   uint64           // the walk began behind this seq
	upTo   uint64           // and has come to this one
	places map[string]place // by the part of an id that is the write's own
}

// place is where an entry stands, and the id under which.
type place struct {
	seq uint64
	id  string
}

// roomSought is where the walk must begin at the latest to meet a page's writes to one room.
type roomSought struct {
	room  string
	epoch string
	after uint64
}

// plan is the rooms of the writes, in order, and where to look: behind the oldest position among theirs.
// Positions of more than one epoch do not compare, so then it is the whole log.
func plan(writes []Write) (rooms []roomSought) {
	at := map[string]int{}
	for i := range writes {
		w := &writes[i]
		hint, _ := hintOf(w.ID)
		n, known := at[w.Room]
		if !known {
			n = len(rooms)
			at[w.Room] = n
			rooms = append(rooms, roomSought{w.Room, w.Floor.Epoch, math.MaxUint64})
		}
		if r := &rooms[n]; w.Floor.Epoch != r.epoch {
			r.after = 0
		} else {
			r.after = min(r.after, hint)
		}
	}
	return rooms
}

// begin makes the index ready for the walk through the rooms.
func (x *writeIndex) begin(rooms []roomSought) {
	n := 0
	for _, r := range x.rooms {
		n += len(r.places)
	}
	if x.rooms == nil || n > x.most {
		x.rooms = map[string]*roomIndex{}
	}
	for _, r := range rooms {
		if known := x.rooms[r.room]; known == nil || r.after < known.from || r.epoch != known.epoch && known.from > 0 {
			x.rooms[r.room] = newRoomIndex(r.epoch, r.after)
		}
	}
}

func newRoomIndex(epoch string, after uint64) *roomIndex {
	return &roomIndex{epoch: epoch, from: after, upTo: after, places: map[string]place{}}
}

// walk reads the next page of a room's log. It is done at the log's end.
func (x *writeIndex) walk(ctx context.Context, log Reader, room string) (done bool, err error) {
	r := x.rooms[room]
	p, err := log.Range(ctx, Query{Room: room, After: r.upTo, Limit: gapPage})
	switch {
	case err != nil:
		return false, err
	case p.Epoch != r.epoch || p.Seq < r.upTo: // the log is not the one that the positions are of
		x.rooms[room] = newRoomIndex(p.Epoch, 0)
		return false, nil
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		_, write := hintOf(e.ID)
		r.places[write] = place{e.Seq, e.ID}
		r.upTo = e.Seq
	}
	return !p.More || len(p.Entries) == 0, nil
}

// found is the receipts of those of the writes that are in the log, by write id.
func (x *writeIndex) found(writes []Write) map[string]Receipt {
	found := map[string]Receipt{}
	for i := range writes {
		_, write := hintOf(writes[i].ID)
		r := x.rooms[writes[i].Room]
		if at, ok := r.places[write]; ok {
			found[writes[i].ID] = Receipt{Epoch: r.epoch, Seq: at.seq, ID: at.id}
		}
	}
	return found
}
