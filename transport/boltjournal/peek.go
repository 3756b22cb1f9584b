package boltjournal

import (
	"fmt"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// Peek returns the oldest writes in the order in which they were appended, at most limit.
func (j *Journal) Peek(limit int) ([]chat.Write, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	batch, err := j.peek(limit)
	if err != nil {
		return nil, fmt.Errorf("read oldest writes of %s: %w", j.file.Path, err)
	}
	return batch, nil
}

func (j *Journal) peek(limit int) ([]chat.Write, error) {
	if err := j.ensureResolved(); err != nil {
		return nil, err
	}
	run := *j.stored.Load()
	n := min(max(limit, 0), run.writes())
	run.next = run.first + uint64(n)
	batch := make([]chat.Write, 0, n)
	err := j.db.View(func(tx *bbolt.Tx) error {
		return forEachWrite(tx.Bucket(writesBucket), run, func(w chat.Write, _ int) { batch = append(batch, w) })
	})
	return batch, err
}

// forEachWrite calls f with each write of the extent and the size of its record, in order.
func forEachWrite(writes *bbolt.Bucket, run extent, f func(w chat.Write, size int)) error {
	c := writes.Cursor()
	k, r := c.Seek(numberKey(run.first))
	for n := run.first; n < run.next; n++ {
		if keyNumber(k) != n {
			return fmt.Errorf("write %d: not found: %w", n, boltfile.ErrDamaged)
		}
		w, err := decodeWrite(r)
		if err != nil {
			return fmt.Errorf("write %d: %w", n, err)
		}
		f(w, len(r))
		k, r = c.Next()
	}
	return nil
}
