package boltjournal

import (
	"fmt"

	"go.etcd.io/bbolt"
)

// resolveCommit rereads the file to determine whether a failed commit was written, and makes memory consistent with
// it. It removes writes for which Append returned an error, and accepts a removal.
func (j *Journal) resolveCommit() error {
	if j.uncommitted == nil {
		return nil
	}
	reached, err := j.commitReached()
	switch was := j.stored.Load(); {
	case err != nil:
	case reached && j.uncommitted.next > was.next:
		err = j.removeRange(was.next, j.uncommitted.next)
	case reached:
		if err = j.db.Sync(); err == nil {
			j.stored.Store(j.uncommitted)
		}
	}
	if err != nil {
		return fmt.Errorf("resolve failed commit: %w", commitError(err))
	}
	j.uncommitted = nil
	return nil
}

// commitReached reports whether the file contains the changes of the failed commit.
func (j *Journal) commitReached() (reached bool, err error) {
	was := j.stored.Load()
	err = j.db.View(func(tx *bbolt.Tx) error {
		writes := tx.Bucket(writesBucket)
		if j.uncommitted.next > was.next {
			reached = writes.Get(numberKey(was.next)) != nil
		} else {
			reached = writes.Get(numberKey(was.first)) == nil
		}
		return nil
	})
	return reached, err
}

// removeRange deletes the writes from first to next-1.
func (j *Journal) removeRange(first, next uint64) error {
	return j.db.Update(func(tx *bbolt.Tx) error {
		_, err := deleteRecords(tx.Bucket(writesBucket), first, next)
		return err
	})
}
