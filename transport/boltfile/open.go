package boltfile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"

	"chatnode/transport/disk"
)

// lockTimeout is the maximum time that open waits for the lock of another process.
const lockTimeout = time.Second

// initialMmapSize is the address space, in bytes, that the file can use before bbolt maps it again.
const initialMmapSize = 256 << 20

// open creates the folder, verifies the file, opens it for writing and makes its name durable.
func open(path string) (*bbolt.DB, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("create folder: %w", err)
	}
	if err := checkMeta(path); err != nil {
		return nil, err
	}
	if err := RecoverDamage(func() error { return verifyPages(path) }); err != nil {
		return nil, err
	}
	var db *bbolt.DB
	err := RecoverDamage(func() (err error) {
		db, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout: lockTimeout, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType,
			InitialMmapSize: initialMmapSize, NoStatistics: true,
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if err := errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder))); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// syncFolder makes the names in the folder durable. It skips a folder that this user may not read, because such a
// parent folder existed before.
func syncFolder(path string) error {
	if err := disk.SyncFolder(path); !errors.Is(err, os.ErrPermission) {
		return err
	}
	return nil
}

// verifyPages reads all pages in use. bbolt also does this when it opens a file for writing, but in its own
// goroutine, where a damaged page ends the process. Here the caller can recover from the panic.
func verifyPages(path string) (err error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil // a new file
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: lockTimeout})
	if err != nil {
		return fmt.Errorf("verify pages: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}

// RecoverDamage calls f, which may read damaged pages. It returns panics of bbolt and page faults beyond the end of
// the file as errors that wrap ErrDamaged.
func RecoverDamage(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, v)
		}
	}()
	return f()
}
