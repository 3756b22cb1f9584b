package boltjournal

import (
	"errors"
	"fmt"
	"path/filepath"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"

	"go.etcd.io/bbolt"
)

// fileName is the name of the file in the folder of Options.Path.
const fileName = "journal.db"

func newFile(folder string) *boltfile.File {
	return &boltfile.File{
		Path: filepath.Join(folder, fileName), Name: "journal file", Format: format, Buckets: [][]byte{writesBucket},
		IfDamaged: "move it away to start without the writes that it stores for Redis",
		IfForeign: "start the version that wrote it until the journal is empty, or move it away",
	}
}

// Open opens the journal in the folder of o, creates both if they are missing, and verifies the writes that an
// earlier process left. It does not write to an existing file, so that these writes can be replayed even from a full
// volume. The errors are for operators and wrap boltfile.ErrLocked, ErrFolder, ErrCorrupt or ErrForeign if one
// applies.
func Open(o Options) (*Journal, error) {
	o = o.withDefaults()
	j := &Journal{Options: o, file: newFile(o.Path)}
	var err error
	if j.db, err = j.file.Open(func(db *bbolt.DB) error { return db.View(j.load) }); err != nil {
		return nil, err
	}
	if n, bytes := j.Size(); n > 0 {
		o.Log.Info().Int("writes", n).Int64("bytes", bytes).Msg("journal recovered")
	}
	return j, nil
}

// load verifies and counts the writes of the file.
func (j *Journal) load(tx *bbolt.Tx) error {
	writes := tx.Bucket(writesBucket)
	e := &extent{first: 1, next: 1}
	if first, _ := writes.Cursor().First(); first != nil {
		last, _ := writes.Cursor().Last()
		e.first, e.next = keyNumber(first), keyNumber(last)+1
	}
	if e.first == 0 || e.next < e.first {
		return fmt.Errorf("numbers from %d to %d: %w", e.first, e.next, boltfile.ErrDamaged)
	}
	j.stored.Store(e)
	return forEachWrite(writes, *e, func(_ chat.Write, size int) { e.bytes += int64(size) })
}

// Close closes the file, which keeps the stored writes. Further calls return the same error.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return j.closeErr
	}
	j.closed = true
	if err := errors.Join(j.resolveCommit(), j.db.Close()); err != nil {
		j.closeErr = fmt.Errorf("close %s: %w", j.file.Path, err)
	}
	return j.closeErr
}
