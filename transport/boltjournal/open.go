package boltjournal

import (
	"errors"
	"fmt"
	"path/filepath"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
	"go.etcd.io/bbolt"
)

// fileName is the file's name in the folder of Options.Path.
const fileName = "journal.db"

// Open opens the journal in the folder, makes both when they are missing, and reads through what
// an earlier process has left in it. The error is a sentence for an operator and wraps ErrLocked,
// ErrFolder, ErrCorrupt or ErrForeign where one fits.
func Open(o Options) (*Journal, error) {
	o = o.filled()
	j := &Journal{Options: o, file: filepath.Join(o.Path, fileName)}
	var err error
	if j.db, err = boltlog.OpenFile(j.file); err != nil {
		return nil, naming.Describe(j.file, err)
	}
	if err := boltlog.RecoverDamage(j.restore); err != nil {
		return nil, errors.Join(naming.Describe(j.file, err), j.db.Close())
	}
	if n, bytes := j.Size(); n > 0 {
		o.Log.Info().Int("writes", n).Int64("bytes", bytes).Msg("journal recovered")
	}
	return j, nil
}

// restore makes the buckets of a new file, and counts what an old one holds. An old one is not
// written: its writes are of use even where the volume is full.
func (j *Journal) restore() error {
	found := false
	err := j.db.View(func(tx *bbolt.Tx) error {
		found = tx.Bucket(metaBucket) != nil && tx.Bucket(writesBucket) != nil
		return nil
	})
	if err == nil && !found {
		err = j.db.Update(prepare)
	}
	if err != nil {
		return fmt.Errorf("prepare it: %w", err)
	}
	return j.db.View(j.load)
}

// prepare makes the buckets, unless the file is somebody else's.
func prepare(tx *bbolt.Tx) error {
	meta, err := tx.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", metaBucket, err)
	}
	if meta.Get(formatKey) != nil {
		return checkFormat(meta)
	}
	if _, err := tx.CreateBucketIfNotExists(writesBucket); err != nil {
		return fmt.Errorf("make bucket %s: %w", writesBucket, err)
	}
	return meta.Put(formatKey, []byte(format))
}

func checkFormat(meta *bbolt.Bucket) error {
	if was := meta.Get(formatKey); string(was) != format {
		return fmt.Errorf("its format is %q, not %q: %w", was, format, ErrForeign)
	}
	return nil
}

// load reads every write, so that a damaged one is found before the node takes more, and counts them.
func (j *Journal) load(tx *bbolt.Tx) error {
	if err := checkFormat(tx.Bucket(metaBucket)); err != nil {
		return err
	}
	writes := tx.Bucket(writesBucket)
	h := &extent{first: 1, next: 1}
	if first, _ := writes.Cursor().First(); first != nil {
		last, _ := writes.Cursor().Last()
		h.first, h.next = keyNumber(first), keyNumber(last)+1
	}
	if h.first == 0 || h.next < h.first {
		return fmt.Errorf("its numbers go from %d to %d: %w", h.first, h.next, errDamaged)
	}
	j.held.Store(h)
	return eachWrite(writes, *h, func(_ chat.Write, size int) { h.bytes += int64(size) })
}

// Close closes the file; what is held stays in it. Calling it again returns the same error.
func (j *Journal) Close() error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if j.closed {
		return j.closeErr
	}
	j.closed = true
	if err := errors.Join(j.settle(), j.db.Close()); err != nil {
		j.closeErr = fmt.Errorf("close %s: %w", j.file, err)
	}
	return j.closeErr
}
