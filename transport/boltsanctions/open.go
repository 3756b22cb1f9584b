package boltsanctions

import (
	"errors"
	"fmt"
	"path/filepath"

	"go.etcd.io/bbolt"

	"chatnode/actors/chat"
	"chatnode/transport/boltlog"
)

const (
	fileName = "sanctions.db"
	format   = "chatnode sanctions 1"
)

var (
	metaBucket      = []byte("meta")
	sanctionsBucket = []byte("sanctions")
	formatKey       = []byte("format")
)

// Open opens the file in the folder, makes both when they are missing, and reads what it holds. The
// error is a sentence for an operator and wraps ErrLocked, ErrFolder, ErrCorrupt or ErrForeign where
// one fits.
func Open(o Options) (*Store, error) {
	o = o.filled()
	s := &Store{Options: o, file: filepath.Join(o.Path, fileName), held: map[string]chat.Sanction{}, version: 1}
	var err error
	if s.db, err = boltlog.OpenFile(s.file); err != nil {
		return nil, naming.Describe(s.file, err)
	}
	if err := boltlog.RecoverDamage(s.restore); err != nil {
		return nil, errors.Join(naming.Describe(s.file, err), s.db.Close())
	}
	return s, nil
}

// restore makes the buckets of a new file, and loads what an old one holds.
func (s *Store) restore() error {
	if err := s.db.Update(prepare); err != nil {
		return fmt.Errorf("prepare it: %w", err)
	}
	return s.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(sanctionsBucket).ForEach(func(name, raw []byte) error {
			x, err := decode(name, raw)
			s.held[string(name)] = x
			return err
		})
	})
}

// prepare makes the buckets, unless the file is somebody else's.
func prepare(tx *bbolt.Tx) error {
	meta, err := tx.CreateBucketIfNotExists(metaBucket)
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", metaBucket, err)
	}
	if was := meta.Get(formatKey); was != nil && string(was) != format {
		return fmt.Errorf("its format is %q, not %q: %w", was, format, ErrForeign)
	}
	if _, err := tx.CreateBucketIfNotExists(sanctionsBucket); err != nil {
		return fmt.Errorf("make bucket %s: %w", sanctionsBucket, err)
	}
	return meta.Put(formatKey, []byte(format))
}

// Close closes the file. Calling it again returns the same error.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return s.closeErr
	}
	s.closed = true
	if err := s.db.Close(); err != nil {
		s.closeErr = fmt.Errorf("close %s: %w", s.file, err)
	}
	return s.closeErr
}
