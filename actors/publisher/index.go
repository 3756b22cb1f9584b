package publisher

import (
	"context"

	"chatnode/actors/chat"
	"chatnode/actors/timeline"
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

// roomIndex is what a walk through one room's log has brought. It begins with the log's first entry: a write
// that was tried on another node first stands before the position that its id tells of.
type roomIndex struct {
	epoch  string              // empty: the walk has not begun
	upTo   uint64              // how far it has come
	places map[string]entryRef // by the part of an id that is the write's own
}

// entryRef is where an entry stands, and the id under which.
type entryRef struct {
	seq uint64
	id  string
}

// roomsOf is the rooms of the writes, in order.
func roomsOf(writes []chat.Write) (rooms []string) {
	known := map[string]bool{}
	for i := range writes {
		if room := writes[i].Room; !known[room] {
			known[room] = true
			rooms = append(rooms, room)
		}
	}
	return rooms
}

// begin makes the index ready for the walk through the rooms.
func (x *writeIndex) begin(rooms []string) {
	n := 0
	for _, r := range x.rooms {
		n += len(r.places)
	}
	if x.rooms == nil || n > x.most {
		x.rooms = map[string]*roomIndex{}
	}
	for _, room := range rooms {
		if x.rooms[room] == nil {
			x.rooms[room] = newRoomIndex("")
		}
	}
}

func newRoomIndex(epoch string) *roomIndex {
	return &roomIndex{epoch: epoch, places: map[string]entryRef{}}
}

// readPage reads the next page of a room's log. It is done at the log's end.
func (x *writeIndex) readPage(ctx context.Context, log chat.Reader, room string) (done bool, err error) {
	r := x.rooms[room]
	p, err := log.Range(ctx, chat.Query{Room: room, After: r.upTo, Limit: timeline.GapPage})
	switch {
	case err != nil:
		return false, err
	case r.epoch == "":
		r.epoch = p.Epoch
	case p.Epoch != r.epoch || p.Seq < r.upTo: // the log is not the one that was read so far
		x.rooms[room] = newRoomIndex(p.Epoch)
		return false, nil
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		_, write := chat.SplitID(e.ID)
		r.places[write] = entryRef{e.Seq, e.ID}
		r.upTo = e.Seq
	}
	return !p.More || len(p.Entries) == 0, nil
}

// found is the receipts of those of the writes that are in the log, by write id.
func (x *writeIndex) found(writes []chat.Write) map[string]chat.Receipt {
	found := map[string]chat.Receipt{}
	for i := range writes {
		_, write := chat.SplitID(writes[i].ID)
		r := x.rooms[writes[i].Room]
		if at, ok := r.places[write]; ok {
			found[writes[i].ID] = chat.Receipt{Epoch: r.epoch, Seq: at.seq, ID: at.id}
		}
	}
	return found
}
