package boltjournal

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// RemoveFirst durably removes the n oldest writes. If fewer are stored, it returns an error and removes none. After
// any other error they may be removed or not. Peek returns the actual state.
func (j *Journal) RemoveFirst(n int) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.removeFirst(n); err != nil {
		return fmt.Errorf("remove %d writes of %s: %w", n, j.file.Path, err)
	}
	return nil
}

func (j *Journal) removeFirst(n int) error {
	if err := j.ensureResolved(); err != nil {
		return err
	}
	was := j.stored.Load()
	switch {
	case n < 0 || n > was.writes():
		return fmt.Errorf("%d stored", was.writes())
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
