package boltjournal

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// settle finds out what became of the commit that failed: it may have reached the file with its
// last write, so only the file knows. Then it takes writes out that Keep has reported as not kept,
// and accepts that writes are dropped.
func (j *Journal) settle() error {
	if j.doubt == nil {
		return nil
	}
	landed, err := j.landed()
	switch was := j.held.Load(); {
	case err != nil:
	case landed && j.doubt.next > was.next:
		err = j.takeBack(was.next, j.doubt.next)
	case landed:
		if err = j.db.Sync(); err == nil {
			j.held.Store(j.doubt)
		}
	}
	if err != nil {
		return fmt.Errorf("settle a failed commit: %w", commitFault(err))
	}
	j.doubt = nil
	return nil
}

// landed reports whether the file is as the commit in doubt would have made it.
func (j *Journal) landed() (yes bool, err error) {
	was := j.held.Load()
	err = j.db.View(func(tx *bbolt.Tx) error {
		writes := tx.Bucket(writesBucket)
		if j.doubt.next > was.next {
			yes = writes.Get(numberKey(was.next)) != nil
		} else {
			yes = writes.Get(numberKey(was.first)) == nil
		}
		return nil
	})
	return yes, err
}

// takeBack deletes the writes from first up to, and without, next.
func (j *Journal) takeBack(first, next uint64) error {
	return j.db.Update(func(tx *bbolt.Tx) error {
		_, err := deleteRecords(tx.Bucket(writesBucket), first, next)
		return err
	})
}
