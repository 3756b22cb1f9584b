package boltfile

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// MetaBucket is the bucket with the name of the format. Its other keys belong to the owner of the file.
var MetaBucket = []byte("meta")

// FormatKey is the key of the format in MetaBucket.
var FormatKey = []byte("format")

// File is a bbolt file of chatnode. It does not change after the first call.
type File struct {
	Path       string
	Name       string   // in error texts, for example "journal file"
	Format     string   // of new files
	OldFormats []string // that Open also accepts
	Buckets    [][]byte // of the owner
	IfDamaged  string   // remedy for a damaged file
	IfForeign  string   // remedy for a file with an unknown format

	// Init writes the other keys of MetaBucket in the transaction that creates the file; nil: none.
	Init func(meta *bbolt.Bucket) error
}

// Open opens the file, creates it and its folder if they are missing, and calls load, which may read damaged pages.
// It does not write to a complete file. The errors are for operators and wrap ErrLocked, ErrFolder, ErrCorrupt or
// ErrForeign if one applies.
func (f *File) Open(load func(db *bbolt.DB) error) (*bbolt.DB, error) {
	db, err := open(f.Path)
	if err != nil {
		return nil, f.Describe(err)
	}
	err = f.Guard(func() error {
		if err := f.prepare(db); err != nil {
			return err
		}
		return load(db)
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// Guard calls read, which may read damaged pages, and returns its errors and panics as Open does.
func (f *File) Guard(read func() error) error {
	if err := RecoverDamage(read); err != nil {
		return f.Describe(err)
	}
	return nil
}

// prepare checks the format and creates the missing buckets.
func (f *File) prepare(db *bbolt.DB) error {
	complete := false
	err := db.View(func(tx *bbolt.Tx) (err error) {
		complete, err = f.isComplete(tx)
		return err
	})
	if err == nil && !complete {
		err = db.Update(f.create)
	}
	return err
}

func (f *File) isComplete(tx *bbolt.Tx) (bool, error) {
	meta := tx.Bucket(MetaBucket)
	if meta == nil || meta.Get(FormatKey) == nil {
		return false, nil
	}
	if err := f.checkFormat(string(meta.Get(FormatKey))); err != nil {
		return false, err
	}
	for _, name := range f.Buckets {
		if tx.Bucket(name) == nil {
			return false, nil
		}
	}
	return true, nil
}

func (f *File) checkFormat(format string) error {
	if format == f.Format {
		return nil
	}
	for _, old := range f.OldFormats {
		if format == old {
			return nil
		}
	}
	return fmt.Errorf("format %q, want %q: %w", format, f.Format, ErrForeign)
}

func (f *File) create(tx *bbolt.Tx) error {
	meta, err := tx.CreateBucketIfNotExists(MetaBucket)
	if err != nil {
		return fmt.Errorf("create bucket %s: %w", MetaBucket, err)
	}
	for _, name := range f.Buckets {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	if meta.Get(FormatKey) != nil {
		return nil
	}
	if f.Init != nil {
		err = f.Init(meta)
	}
	if err = errors.Join(err, meta.Put(FormatKey, []byte(f.Format))); err != nil {
		return fmt.Errorf("write format: %w", err)
	}
	return nil
}
