package boltjournal

import (
	"fmt"

	"chatnode/actors/chat"
	"go.etcd.io/bbolt"
)

// Peek returns the oldest writes held, in the order in which they were kept, at most limit.
func (j *Journal) Peek(limit int) ([]chat.Write, error) {
	j.turn.Lock()
	defer j.turn.Unlock()
	batch, err := j.oldest(limit)
	if err != nil {
		return nil, fmt.Errorf("read the oldest writes of %s: %w", j.file, err)
	}
	return batch, nil
}

func (j *Journal) oldest(limit int) ([]chat.Write, error) {
	if err := j.ready(); err != nil {
		return nil, err
	}
	run := *j.held.Load()
	n := min(max(limit, 0), run.writes())
	run.next = run.first + uint64(n)
	batch := make([]chat.Write, 0, n)
	err := j.db.View(func(tx *bbolt.Tx) error {
		return eachWrite(tx.Bucket(writesBucket), run, func(w chat.Write, _ int) { batch = append(batch, w) })
	})
	return batch, err
}

// eachWrite calls f with every write of the run and the bytes of its record, in order.
func eachWrite(writes *bbolt.Bucket, run extent, f func(w chat.Write, size int)) error {
	c := writes.Cursor()
	k, r := c.Seek(numberKey(run.first))
	for n := run.first; n < run.next; n++ {
		if keyNumber(k) != n {
			return fmt.Errorf("write %d is missing: %w", n, errDamaged)
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
