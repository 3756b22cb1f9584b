package boltsanctions

import (
	"fmt"
	"path/filepath"

	"go.etcd.io/bbolt"

	"chatnode/actors/chat"
	"chatnode/transport/boltfile"
)

const (
	fileName = "sanctions.db"
	format   = "chatnode sanctions 1"
)

var sanctionsBucket = []byte("sanctions")

func newFile(folder string) *boltfile.File {
	return &boltfile.File{
		Path: filepath.Join(folder, fileName), Name: "sanctions file", Format: format, Buckets: [][]byte{sanctionsBucket},
		IfDamaged: "restore it from a backup, or move it away to start without bans and mutes",
		IfForeign: "start the version that wrote it, or move it away",
	}
}

// Open opens the file in the folder of o, creates both if they are missing, and loads the sanctions. The errors are
// for operators and wrap boltfile.ErrLocked, ErrFolder, ErrCorrupt or ErrForeign if one applies.
func Open(o Options) (*Store, error) {
	o = o.withDefaults()
	s := &Store{Options: o, file: newFile(o.Path), sanctions: map[string]chat.Sanction{}, version: 1}
	var err error
	if s.db, err = s.file.Open(func(db *bbolt.DB) error { return db.View(s.load) }); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Store) load(tx *bbolt.Tx) error {
	return tx.Bucket(sanctionsBucket).ForEach(func(name, raw []byte) error {
		x, err := decode(name, raw)
		s.sanctions[string(name)] = x
		return err
	})
}

// Close closes the file. Further calls return the same error.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return s.closeErr
	}
	s.closed = true
	if err := s.db.Close(); err != nil {
		s.closeErr = fmt.Errorf("close %s: %w", s.file.Path, err)
	}
	return s.closeErr
}
