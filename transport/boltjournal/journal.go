package boltjournal

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// ErrClosed is returned by Append, Peek and RemoveFirst after Close.
var ErrClosed = errors.New("journal closed")

// Journal is one open journal. Its methods may be called from several goroutines. Append, Peek, RemoveFirst and Close
// run one at a time. Size does not wait.
type Journal struct {
	Options
	file   *boltfile.File
	db     *bbolt.DB
	stored atomic.Pointer[extent] // written under mu

	mu          sync.Mutex
	uncommitted *extent // stored, as the failed commit would have changed it; nil: no failed commit
	closed      bool
	closeErr    error
}

var _ chat.Journal = (*Journal)(nil)

// Size returns the number of stored writes and their encoded size. It only reads memory.
func (j *Journal) Size() (writes int, bytes int64) {
	e := j.stored.Load()
	return e.writes(), e.bytes
}

// ensureResolved makes memory consistent with the file.
func (j *Journal) ensureResolved() error {
	if j.closed {
		return ErrClosed
	}
	return j.resolveCommit()
}

// commit runs change in a durable transaction, then sets stored to now. change may complete now.
func (j *Journal) commit(now *extent, change func(writes *bbolt.Bucket) error) error {
	changed := false
	err := j.db.Update(func(tx *bbolt.Tx) error {
		err := change(tx.Bucket(writesBucket))
		changed = err == nil
		return err
	})
	if err == nil {
		j.stored.Store(now)
		return nil
	}
	err = commitError(err)
	if changed {
		j.uncommitted = now
		return errors.Join(err, j.resolveCommit())
	}
	return err
}

// putRecords stores the records with consecutive numbers from first.
func putRecords(writes *bbolt.Bucket, first uint64, records [][]byte) error {
	writes.FillPercent = 1 // numbers only grow, so a full page never splits again
	for i, r := range records {
		n := first + uint64(i)
		if err := writes.Put(numberKey(n), r); err != nil {
			return fmt.Errorf("put write %d: %w", n, err)
		}
	}
	return nil
}

// deleteRecords deletes the numbers from first to next-1, and returns the encoded size of their records.
func deleteRecords(writes *bbolt.Bucket, first, next uint64) (bytes int64, err error) {
	for n := first; n < next; n++ {
		key := numberKey(n)
		r := writes.Get(key)
		if r == nil {
			return 0, fmt.Errorf("write %d: not found: %w", n, boltfile.ErrDamaged)
		}
		bytes += int64(len(r))
		if err := writes.Delete(key); err != nil {
			return 0, fmt.Errorf("delete write %d: %w", n, err)
		}
	}
	return bytes, nil
}
