package boltlog

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// OpenFile opens the bbolt file at path for writing, as the log opens its own: it makes the
// folder, reads the file through before it trusts it, and makes the file's name durable. Kind tells what
// the error means.
func OpenFile(path string) (*bbolt.DB, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder: %w", err)
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
			InitialMmapSize: mapped, NoStatistics: true,
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

// syncFolder makes the names in the folder durable: an fsync of a file does not save its name.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil && !errors.Is(err, os.ErrPermission) { // a parent that may not be read has been there before
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// RecoverDamage runs f, which reads pages that may be damaged, and turns bbolt's panics and reads beyond
// the end of the file into errors, whose Kind is ErrCorrupt.
func RecoverDamage(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, v)
		}
	}()
	return f()
}

// Kind is ErrLocked, ErrFolder or ErrCorrupt where the error of OpenFile, Guard or a transaction
// is one of those, else nil.
func Kind(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout), errors.Is(err, ErrLocked):
		return ErrLocked
	case damaged(err), errors.Is(err, ErrCorrupt):
		return ErrCorrupt
	case unusable(err), errors.Is(err, ErrFolder):
		return ErrFolder
	}
	return nil
}
