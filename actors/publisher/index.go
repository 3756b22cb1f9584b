package publisher

import (
	"context"

	"chatnode/actors/chat"
)

// writeIndex contains the positions of the entries in the logs of the replayed rooms, so that each entry is read once
// for all pages of the journal. The journal or the store owns it, whichever received it last. It is used for one
// replay only, because after a failure the log may have lost the entries.
type writeIndex struct {
	rooms map[string]*roomIndex
	most  int // entries; if exceeded, the index is cleared
}

// maxIndexEntries limits an index to about 100 MB.
const maxIndexEntries = 1 << 20

// roomIndex contains the entries of one room. It starts with the first entry of the log, because a write that was
// attempted on another node may be stored before the position in its id.
type roomIndex struct {
	epoch  string              // empty: nothing was read
	upTo   uint64              // seq of the last entry that was read
	places map[string]entryRef // by the part of the id that identifies the write
}

// entryRef is the seq and the id of an entry.
type entryRef struct {
	seq uint64
	id  string
}

// roomsOf returns the rooms of the writes, in order.
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

// begin adds the rooms to the index.
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

// readPage reads the next page of a room. done is true at the end of the log.
func (x *writeIndex) readPage(ctx context.Context, log chat.Reader, room string) (done bool, err error) {
	r := x.rooms[room]
	p, err := log.Range(ctx, chat.Query{Room: room, After: r.upTo, Limit: readPageSize})
	switch {
	case err != nil:
		return false, err
	case r.epoch == "":
		r.epoch = p.Epoch
	case p.Epoch != r.epoch || p.Seq < r.upTo: // the log was reset
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

// found returns the receipts of the writes that are in the log, by write id.
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
