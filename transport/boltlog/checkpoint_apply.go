package boltlog

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// An applier writes records where they are read from, in one transaction.
type applier struct {
	tx              *bbolt.Tx
	job             *checkpointTx
	log, ids, rooms *bbolt.Bucket
	key             []byte // of the call under way: bbolt copies keys
	arena           []byte // of values, which have to stay until the commit
}

// arenaSize is how many bytes of values lie side by side.
const arenaSize = 64 << 10

// value is the encoded record, in the arena.
func (a *applier) value(r *record) []byte {
	if cap(a.arena)-len(a.arena) < arenaSize/16 {
		a.arena = make([]byte, 0, arenaSize)
	}
	from := len(a.arena)
	a.arena = encodeRecord(a.arena, r)
	return a.arena[from:len(a.arena):len(a.arena)]
}

// number is a seq as a value, in the arena.
func (a *applier) number(seq uint64) []byte {
	from := len(a.arena)
	a.arena = binary.BigEndian.AppendUint64(a.arena, seq)
	return a.arena[from:len(a.arena):len(a.arena)]
}

// apply writes one record, and takes the text away from the record that held it before.
func (a *applier) apply(r *record) error {
	p, err := a.place(r.room)
	if err != nil {
		return err
	}
	if r.seq < p.first {
		return nil // trimmed by a commit that was thought to have failed
	}
	p.seq = max(p.seq, r.seq)
	if r.target != "" && r.target != r.id {
		if err := a.redact(p.num, r.target, r.seq); err != nil {
			return err
		}
	}
	for _, id := range r.gone {
		if err := a.redact(p.num, id, r.seq); err != nil {
			return err
		}
	}
	if r.msg != nil {
		a.key = appendIDKey(a.key[:0], p.num, r.target)
		if err := a.ids.Put(a.key, a.number(r.seq)); err != nil {
			return fmt.Errorf("index message %s: %w", r.target, err)
		}
	}
	bare := *r
	bare.key = idemKey{}
	a.key = appendEntryKey(a.key[:0], p.num, r.seq)
	return a.log.Put(a.key, a.value(&bare))
}

// redact takes the text away from the record that holds the message's, unless that is by itself.
func (a *applier) redact(num uint64, id string, by uint64) error {
	key := idKey(num, id)
	at := a.ids.Get(key)
	if len(at) != 8 || binary.BigEndian.Uint64(at) == by {
		return nil
	}
	seq := binary.BigEndian.Uint64(at)
	if err := a.ids.Delete(key); err != nil {
		return fmt.Errorf("forget message %s: %w", id, err)
	}
	holder, err := decodeRecord(seq, a.log.Get(entryKey(num, seq)))
	if err != nil {
		return fmt.Errorf("read the text of message %s: %w", id, err)
	}
	holder.msg = nil
	return a.log.Put(entryKey(num, seq), encodeRecord(nil, holder))
}

// place is where the room lies; a room that is new to the file gets the next number.
func (a *applier) place(name string) (*roomMeta, error) {
	if p, ok := a.job.places[name]; ok {
		return p, nil
	}
	p, err := decodePlace(a.rooms.Get([]byte(name)))
	if err == nil && p.num == 0 {
		p.num, err = a.rooms.NextSequence()
	}
	if err != nil {
		return nil, fmt.Errorf("find room %q: %w", name, err)
	}
	a.job.places[name] = &p
	return &p, nil
}
