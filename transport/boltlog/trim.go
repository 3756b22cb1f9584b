package boltlog

import (
	"encoding/binary"
	"fmt"
)

// firstToKeep returns the first seq to keep in a room with the entries first to seq. A room may exceed history by a
// tenth (at most 256 entries) before it is trimmed, so that trimming is rare and in bulk.
func firstToKeep(first, seq, history uint64) uint64 {
	if seq < first || seq-first+1 <= history+min(history/10, 256) {
		return first
	}
	return seq - history + 1
}

// trim deletes the entries before firstSeqs, and writes the meta data of the rooms.
func (a *applier) trim() error {
	for name, p := range a.work.metas {
		for keep := a.work.firstSeqs[name]; p.first < keep; p.first++ {
			if err := a.deleteEntry(p.num, p.first); err != nil {
				return fmt.Errorf("trim room %q: %w", name, err)
			}
		}
		if err := a.rooms.Put([]byte(name), p.encode()); err != nil {
			return fmt.Errorf("write meta data of room %q: %w", name, err)
		}
	}
	return nil
}

// deleteEntry deletes an entry, and the id of its message if it contains the text.
func (a *applier) deleteEntry(num, seq uint64) error {
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
				return fmt.Errorf("remove message %s: %w", r.target, err)
			}
		}
	}
	return a.log.Delete(key)
}
