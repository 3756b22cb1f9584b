package boltjournal

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"chatnode/actors/chat"
	"go.etcd.io/bbolt"
)

// ErrClosed is returned by Keep, Oldest and Drop after Close.
var ErrClosed = errors.New("the journal is closed")

// A Journal is one open file. Its methods may be called from different goroutines: Keep, Oldest, Drop
// and Close take turns, Usage does not wait.
type Journal struct {
	Options
	file string
	db   *bbolt.DB
	held atomic.Pointer[extent] // changed by whose turn it is

	turn     sync.Mutex
	doubt    *extent // what the commit that failed would have made of held, until it is known whether it did
	closed   bool
	closeErr error
}

var _ chat.Journal = (*Journal)(nil)

// Size is how many writes are held and the bytes of their records. It reads memory only.
func (j *Journal) Size() (writes int, bytes int64) {
	h := j.held.Load()
	return h.writes(), h.bytes
}

// ready makes sure that the file holds what memory says.
func (j *Journal) ready() error {
	if j.closed {
		return ErrClosed
	}
	return j.settle()
}

// commit changes the file, durably, and then what is held to now, which change may complete.
func (j *Journal) commit(now *extent, change func(writes *bbolt.Bucket) error) error {
	changed := false
	err := j.db.Update(func(tx *bbolt.Tx) error {
		err := change(tx.Bucket(writesBucket))
		changed = err == nil
		return err
	})
	if err == nil {
		j.held.Store(now)
		return nil
	}
	err = commitFault(err)
	if changed {
		j.doubt = now
		return errors.Join(err, j.settle())
	}
	return err
}

// putRecords stores the records under the numbers from first on.
func putRecords(writes *bbolt.Bucket, first uint64, records [][]byte) error {
	writes.FillPercent = 1 // numbers only grow: a page that is left is never written again
	for i, r := range records {
		n := first + uint64(i)
		if err := writes.Put(numberKey(n), r); err != nil {
			return fmt.Errorf("put write %d: %w", n, err)
		}
	}
	return nil
}

// deleteRecords deletes the numbers from first up to, and without, next. It returns the bytes of
// their records.
func deleteRecords(writes *bbolt.Bucket, first, next uint64) (bytes int64, err error) {
	for n := first; n < next; n++ {
		key := numberKey(n)
		r := writes.Get(key)
		if r == nil {
			return 0, fmt.Errorf("write %d is missing: %w", n, errDamaged)
		}
		bytes += int64(len(r))
		if err := writes.Delete(key); err != nil {
			return 0, fmt.Errorf("delete write %d: %w", n, err)
		}
	}
	return bytes, nil
}
