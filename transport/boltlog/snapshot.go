package boltlog

import (
	"encoding/binary"
	"fmt"

	"chatnode/actors/wire"
	"go.etcd.io/bbolt"
)

// A snapshot reads memory and file as one. It lives while l.mu is held, so that nothing leaves memory
// during it: whatever the file's snapshot lacks is still in a tail, and whatever is in both is the same.
type snapshot struct {
	l  *Log
	tx *bbolt.Tx // nil until the file is needed
}

func (l *Log) view() *snapshot { return &snapshot{l: l} }

func (v *snapshot) close() {
	if v.tx != nil {
		_ = v.tx.Rollback() // of a read: it cannot fail
	}
}

// bucket opens the snapshot with its first use.
func (v *snapshot) bucket(name []byte) (*bbolt.Bucket, error) {
	if v.tx == nil {
		tx, err := v.l.db.Begin(false)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", v.l.file, err)
		}
		v.tx = tx
	}
	return v.tx.Bucket(name), nil
}

// room is the room of that name, loaded when memory has forgotten it or never knew it.
func (v *snapshot) room(name string) (*room, error) {
	if r, ok := v.l.rooms[name]; ok {
		r.used = true
		return r, nil
	}
	rooms, err := v.bucket(roomsBucket)
	if err != nil {
		return nil, err
	}
	p, err := decodePlace(rooms.Get([]byte(name)))
	if err != nil {
		return nil, fmt.Errorf("read the position of room %q: %w", name, err)
	}
	r := &room{roomMeta: p, used: true}
	v.l.rooms[name] = r
	return r, nil
}

// message is the message as it stands, nil when it is unknown, deleted or no longer kept.
func (v *snapshot) message(r *room, id string) (*wire.Message, error) {
	r.buildLive()
	if l, ok := r.live[id]; ok {
		return l.msg, nil
	}
	if r.num == 0 {
		return nil, nil
	}
	ids, err := v.bucket(idsBucket)
	if err != nil {
		return nil, err
	}
	at := ids.Get(idKey(r.num, id))
	if len(at) != 8 {
		return nil, nil
	}
	seq := binary.BigEndian.Uint64(at)
	holder, err := decodeRecord(seq, v.tx.Bucket(logBucket).Get(entryKey(r.num, seq)))
	if err != nil {
		return nil, fmt.Errorf("read entry %d: %w", seq, err)
	}
	return holder.msg, nil
}

// resolve is the message of a record as it stands.
func (v *snapshot) resolve(r *room, rec *record) (*wire.Message, error) {
	if l, ok := r.live[rec.target]; ok {
		return l.msg, nil
	}
	if rec.msg != nil {
		return rec.msg, nil
	}
	return v.message(r, rec.target)
}

// each calls f with the room's records from seq first to last, which are kept, in order.
func (v *snapshot) each(r *room, first, last uint64, f func(*record) error) error {
	tail := r.tailFirst()
	if first < tail {
		if err := v.eachStored(r, first, min(last, tail-1), f); err != nil {
			return err
		}
	}
	for seq := max(first, tail); seq <= last; seq++ {
		if err := f(r.tail[seq-tail]); err != nil {
			return err
		}
	}
	return nil
}

func (v *snapshot) eachStored(r *room, first, last uint64, f func(*record) error) error {
	log, err := v.bucket(logBucket)
	if err != nil {
		return err
	}
	c := log.Cursor()
	k, b := c.Seek(entryKey(r.num, first))
	for seq := first; seq <= last; seq++ {
		if len(k) != 16 || binary.BigEndian.Uint64(k[8:]) != seq {
			return fmt.Errorf("read entry %d: it is missing: %w", seq, ErrDamaged)
		}
		rec, err := decodeRecord(seq, b)
		if err != nil {
			return fmt.Errorf("read entry %d: %w", seq, err)
		}
		if err := f(rec); err != nil {
			return err
		}
		k, b = c.Next()
	}
	return nil
}
