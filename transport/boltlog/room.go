package boltlog

import (
	"chatnode/actors/chat"
	"chatnode/actors/wire"
)

// A room in memory: its position, and what the checkpointer has not moved yet.
type room struct {
	roomMeta                        // first and num as of the newest checkpoint, seq the newest given out
	tail     []*record              // not moved yet, consecutive, the last is seq
	live     map[string]liveMessage // the messages that the tail has changed; nil until somebody asks, or one is changed again
	staged   bool                   // a batch is being committed: it must not be forgotten
	used     bool                   // since the last sweep
}

// liveMessage is how a message that the tail changed stands now.
type liveMessage struct {
	msg *wire.Message // nil: deleted
	seq uint64        // of the tail's newest record that changed it
}

// tailFirst is the seq of the oldest entry that only memory may have.
func (r *room) tailFirst() uint64 { return r.seq - uint64(len(r.tail)) + 1 }

// add puts a durable record at the end of the tail.
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

// buildLive makes live, which most rooms can do without: as long as messages only come, each stands as its record says.
func (r *room) buildLive() {
	if r.live != nil || len(r.tail) == 0 {
		return
	}
	r.live = map[string]liveMessage{}
	for _, rec := range r.tail {
		r.updateLive(rec)
	}
}

// moved forgets the tail's records up to seq: the file has them.
func (r *room) moved(seq uint64) {
	n := 0
	for n < len(r.tail) && r.tail[n].seq <= seq {
		if r.live != nil {
			r.forget(r.tail[n], seq)
		}
		n++
	}
	if n == len(r.tail) {
		r.tail, r.live = nil, nil
		return
	}
	r.tail = r.tail[n:]
}

// forget takes from live what nothing behind seq has changed again.
func (r *room) forget(rec *record, seq uint64) {
	rec.forEachMessageID(func(id string) {
		if r.live[id].seq <= seq {
			delete(r.live, id)
		}
	})
}
