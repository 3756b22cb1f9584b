package boltlog

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// room is a room in memory: its position, and the records that are not moved yet.
type room struct {
	roomMeta                        // first and num are those of the last round, and seq is the newest one
	tail     []*record              // records to move, consecutive, up to seq
	live     map[string]liveMessage // messages that the tail changed; nil: not needed so far
	staged   bool                   // a batch is being committed, so the room must stay in memory
	used     bool                   // since the last round
}

// liveMessage is the current state of a message that the tail changed.
type liveMessage struct {
	msg *wire.Message // nil: deleted
	seq uint64        // newest record in the tail that changed it
}

// tailFirst returns the seq of the oldest entry that may be only in memory.
func (r *room) tailFirst() uint64 { return r.seq - uint64(len(r.tail)) + 1 }

// add appends a durable record to the tail.
func (r *room) add(rec *record) {
	r.seq = rec.seq
	r.tail = append(r.tail, rec)
	switch {
	case r.live != nil:
		r.updateLive(rec)
	case rec.kind != chat.EntryMessage:
		r.buildLive()
	}
}

func (r *room) updateLive(rec *record) {
	rec.forEachMessageID(func(id string) { r.live[id] = liveMessage{rec.msg, rec.seq} })
}

// buildLive builds the index of changed messages. Rooms without edits or deletions do not need it.
func (r *room) buildLive() {
	if r.live != nil || len(r.tail) == 0 {
		return
	}
	r.live = map[string]liveMessage{}
	for _, rec := range r.tail {
		r.updateLive(rec)
	}
}

// dropMoved removes the records up to seq from the tail, because the file contains them.
func (r *room) dropMoved(seq uint64) {
	n := 0
	for n < len(r.tail) && r.tail[n].seq <= seq {
		if r.live != nil {
			r.pruneLive(r.tail[n], seq)
		}
		n++
	}
	if n == len(r.tail) {
		r.tail, r.live = nil, nil
		return
	}
	r.tail = r.tail[n:]
}

// pruneLive removes the messages of the record from live, unless a record after seq changed them again.
func (r *room) pruneLive(rec *record, seq uint64) {
	rec.forEachMessageID(func(id string) {
		if r.live[id].seq <= seq {
			delete(r.live, id)
		}
	})
}
