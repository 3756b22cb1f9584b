package boltlog

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// applier writes records to their place in the file, in one transaction.
type applier struct {
	work            *checkpointTx
	log, ids, rooms *bbolt.Bucket
	key             []byte // of the current call; bbolt copies keys
	arena           []byte // values; valid until the commit
}

// arenaSize is the size in bytes of one allocation of values.
const arenaSize = 64 << 10

// encodeValue returns the encoded record, in the arena.
func (a *applier) encodeValue(r *record) []byte {
	if cap(a.arena)-len(a.arena) < arenaSize/16 {
		a.arena = make([]byte, 0, arenaSize)
	}
	from := len(a.arena)
	a.arena = encodeRecord(a.arena, r)
	return a.arena[from:len(a.arena):len(a.arena)]
}

// encodeSeq returns a seq as a value, in the arena.
func (a *applier) encodeSeq(seq uint64) []byte {
	from := len(a.arena)
	a.arena = binary.BigEndian.AppendUint64(a.arena, seq)
	return a.arena[from:len(a.arena):len(a.arena)]
}

// apply writes one record, and removes the text from the record that contained it before.
func (a *applier) apply(r *record) error {
	p, err := a.metaOf(r.room)
	if err != nil {
		return err
	}
	if r.seq < p.first {
		return nil // already trimmed by a commit that returned an error
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
		if err := a.ids.Put(a.key, a.encodeSeq(r.seq)); err != nil {
			return fmt.Errorf("index message %s: %w", r.target, err)
		}
	}
	bare := *r
	bare.key = idemKey{}
	a.key = appendEntryKey(a.key[:0], p.num, r.seq)
	return a.log.Put(a.key, a.encodeValue(&bare))
}

// redact removes the text from the record that contains the message, unless this is the record with seq by.
func (a *applier) redact(num uint64, id string, by uint64) error {
	key := idKey(num, id)
	at := a.ids.Get(key)
	if len(at) != 8 || binary.BigEndian.Uint64(at) == by {
		return nil
	}
	seq := binary.BigEndian.Uint64(at)
	if err := a.ids.Delete(key); err != nil {
		return fmt.Errorf("remove message %s: %w", id, err)
	}
	holder, err := decodeRecord(seq, a.log.Get(entryKey(num, seq)))
	if err != nil {
		return fmt.Errorf("read text of message %s: %w", id, err)
	}
	holder.msg = nil
	return a.log.Put(entryKey(num, seq), encodeRecord(nil, holder))
}

// metaOf returns the meta data of the room. A room that is new to the file gets the next number.
func (a *applier) metaOf(name string) (*roomMeta, error) {
	if p, ok := a.work.metas[name]; ok {
		return p, nil
	}
	p, err := decodeRoomMeta(a.rooms.Get([]byte(name)))
	if err == nil && p.num == 0 {
		p.num, err = a.rooms.NextSequence()
	}
	if err != nil {
		return nil, fmt.Errorf("read room %q: %w", name, err)
	}
	a.work.metas[name] = &p
	return &p, nil
}
