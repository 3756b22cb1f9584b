package boltlog

import "chatnode/actors/wire"

// A room in memory: its position, and what the checkpointer has not moved yet.
type room struct {
	place            // first and num as of the newest checkpoint, seq the newest given out
	tail   []*record // not moved yet, consecutive, the last is seq
	live   map[string]living
	staged bool // a batch is being committed: it must not be forgotten
	used   bool // since the last sweep
}

// living is how a message that the tail changed stands now.
type living struct {
	msg *wire.Message // nil: deleted
	seq uint64        // of the tail's newest record that changed it
}

// tailFirst is the seq of the oldest entry that only memory may have.
func (r *room) tailFirst() uint64 { return r.seq - uint64(len(r.tail)) + 1 }

// add puts a durable record at the end of the tail.
func (r *room) add(rec *record) {
	r.seq = rec.seq
	r.tail = append(r.tail, rec)
	if r.live == nil {
		r.live = map[string]living{}
	}
	rec.touched(func(id string) { r.live[id] = living{rec.msg, rec.seq} })
}

// moved forgets the tail's records up to seq: the file has them.
func (r *room) moved(seq uint64) {
	n := 0
	for n < len(r.tail) && r.tail[n].seq <= seq {
		r.tail[n].touched(func(id string) {
			if r.live[id].seq <= seq {
				delete(r.live, id)
			}
		})
		n++
	}
	if n == len(r.tail) {
		r.tail, r.live = nil, nil
		return
	}
	r.tail = r.tail[n:]
}
