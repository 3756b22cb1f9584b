package boltlog

import (
	"encoding/binary"
	"fmt"
)

// keepFrom is the first seq to keep of a room that has first to seq, when it should keep history
// entries. A room may grow by a tenth before it is trimmed, so that trimming is rare and in bulk.
func keepFrom(first, seq, history uint64) uint64 {
	if seq < first || seq-first+1 <= history+min(history/10, 256) {
		return first
	}
	return seq - history + 1
}

// trim removes what the rooms of the job need not keep, and writes their places.
func (a *applier) trim() error {
	for name, p := range a.job.places {
		for keep := a.job.firsts[name]; p.first < keep; p.first++ {
			if err := a.drop(p.num, p.first); err != nil {
				return fmt.Errorf("trim room %q: %w", name, err)
			}
		}
		if err := a.rooms.Put([]byte(name), p.encode()); err != nil {
			return fmt.Errorf("place room %q: %w", name, err)
		}
	}
	return nil
}

// drop removes one entry; a message whose text it held is no longer known.
func (a *applier) drop(num, seq uint64) error {
	key := entryKey(num, seq)
	b := a.log.Get(key)
	if b == nil {
		return nil
	}
	r, err := decodeRecord(seq, b)
	if err != nil {
		return fmt.Errorf("read entry %d: %w", seq, err)
	}
	if r.msg != nil {
		id := idKey(num, r.target)
		if at := a.ids.Get(id); len(at) == 8 && binary.BigEndian.Uint64(at) == seq {
			if err := a.ids.Delete(id); err != nil {
				return fmt.Errorf("forget message %s: %w", r.target, err)
			}
		}
	}
	return a.log.Delete(key)
}
