package boltjournal

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// RemoveFirst forgets the n oldest writes, durably. When fewer are held it is an error and drops none.
// After another error they may be dropped or not; Oldest tells.
func (j *Journal) RemoveFirst(n int) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if err := j.drop(n); err != nil {
		return fmt.Errorf("drop %d writes of %s: %w", n, j.file, err)
	}
	return nil
}

func (j *Journal) drop(n int) error {
	if err := j.ready(); err != nil {
		return err
	}
	was := j.held.Load()
	switch {
	case n < 0 || n > was.writes():
		return fmt.Errorf("%d are held", was.writes())
	case n == 0:
		return nil
	}
	now := &extent{first: was.first + uint64(n), next: was.next}
	return j.commit(now, func(writes *bbolt.Bucket) error {
		size, err := deleteRecords(writes, was.first, now.first)
		now.bytes = was.bytes - size
		return err
	})
}
