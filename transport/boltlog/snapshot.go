package boltlog

import (
	"encoding/binary"
	"fmt"

	"chatnode/actors/wire"
	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// snapshot is a consistent view of memory and file. It is valid while the log's mu is held, because records leave
// memory only under mu. A record that is missing in the view of the file is still in a tail, and a record in both is
// the same.
type snapshot struct {
	log *Log
	tx  *bbolt.Tx // nil until the file is needed
}

func (l *Log) newSnapshot() *snapshot { return &snapshot{log: l} }

func (s *snapshot) close() {
	if s.tx != nil {
		_ = s.tx.Rollback() // never fails for a read transaction
	}
}

// bucket starts the transaction with its first use.
func (s *snapshot) bucket(name []byte) (*bbolt.Bucket, error) {
	if s.tx == nil {
		tx, err := s.log.db.Begin(false)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", s.log.file.Path, err)
		}
		s.tx = tx
	}
	return s.tx.Bucket(name), nil
}

// loadRoom returns the room, and loads it if it is not in memory.
func (s *snapshot) loadRoom(name string) (*room, error) {
	if r, ok := s.log.rooms[name]; ok {
		r.used = true
		return r, nil
	}
	rooms, err := s.bucket(roomsBucket)
	if err != nil {
		return nil, err
	}
	p, err := decodeRoomMeta(rooms.Get([]byte(name)))
	if err != nil {
		return nil, fmt.Errorf("read position of room %q: %w", name, err)
	}
	r := &room{roomMeta: p, used: true}
	s.log.rooms[name] = r
	return r, nil
}

// message returns the current state of the message; nil: unknown, deleted, or trimmed.
func (s *snapshot) message(r *room, id string) (*wire.Message, error) {
	r.buildLive()
	if l, ok := r.live[id]; ok {
		return l.msg, nil
	}
	if r.num == 0 {
		return nil, nil
	}
	ids, err := s.bucket(idsBucket)
	if err != nil {
		return nil, err
	}
	at := ids.Get(idKey(r.num, id))
	if len(at) != 8 {
		return nil, nil
	}
	seq := binary.BigEndian.Uint64(at)
	holder, err := decodeRecord(seq, s.tx.Bucket(logBucket).Get(entryKey(r.num, seq)))
	if err != nil {
		return nil, fmt.Errorf("read entry %d: %w", seq, err)
	}
	return holder.msg, nil
}

// resolve returns the current state of the message of a record.
func (s *snapshot) resolve(r *room, rec *record) (*wire.Message, error) {
	if l, ok := r.live[rec.target]; ok {
		return l.msg, nil
	}
	if rec.msg != nil {
		return rec.msg, nil
	}
	return s.message(r, rec.target)
}

// forEach calls f with the records of the room from first to last, in order. They must not be trimmed.
func (s *snapshot) forEach(r *room, first, last uint64, f func(*record) error) error {
	tail := r.tailFirst()
	if first < tail {
		if err := s.forEachStored(r, first, min(last, tail-1), f); err != nil {
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

func (s *snapshot) forEachStored(r *room, first, last uint64, f func(*record) error) error {
	entries, err := s.bucket(logBucket)
	if err != nil {
		return err
	}
	c := entries.Cursor()
	k, b := c.Seek(entryKey(r.num, first))
	for seq := first; seq <= last; seq++ {
		if len(k) != 16 || binary.BigEndian.Uint64(k[8:]) != seq {
			return fmt.Errorf("read entry %d: not found: %w", seq, boltfile.ErrDamaged)
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
