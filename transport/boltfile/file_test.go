package boltfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

func testFile(path string) *File {
	return &File{
		Path: path, Name: "test file", Format: "test-2", OldFormats: []string{"test-1"}, Buckets: [][]byte{[]byte("data")},
		IfDamaged: "restore it", IfForeign: "move it away",
		Init: func(meta *bbolt.Bucket) error { return meta.Put([]byte("epoch"), []byte("e1")) },
	}
}

// reopen opens the file and closes it again.
func reopen(t *testing.T, f *File, load func(db *bbolt.DB) error) error {
	t.Helper()
	db, err := f.Open(load)
	if err == nil {
		err = db.Close()
	}
	return err
}

func loadNothing(*bbolt.DB) error { return nil }

func TestOpenDoesNotWriteCompleteFile(t *testing.T) {
	f := testFile(filepath.Join(t.TempDir(), "a", "test.db"))
	if err := reopen(t, f, loadNothing); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	err = reopen(t, f, func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			if tx.Bucket([]byte("data")) == nil || string(tx.Bucket(MetaBucket).Get([]byte("epoch"))) != "e1" {
				t.Error("the bucket or the epoch is missing")
			}
			return nil
		})
	})
	if after, readErr := os.ReadFile(f.Path); err != nil || readErr != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed, or error %v, %v", err, readErr)
	}
}

func TestOpenChecksFormat(t *testing.T) {
	for format, want := range map[string]error{"test-1": nil, "test-2": nil, "test-3": ErrForeign} {
		f := testFile(filepath.Join(t.TempDir(), "test.db"))
		err := reopen(t, f, func(db *bbolt.DB) error {
			return db.Update(func(tx *bbolt.Tx) error { return tx.Bucket(MetaBucket).Put(FormatKey, []byte(format)) })
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := reopen(t, f, loadNothing); !errors.Is(err, want) || err != nil && !strings.Contains(err.Error(), "move it away") {
			t.Errorf("format %s: error %v, want %v with remedy", format, err, want)
		}
	}
}

// TestOpenDescribesDamage: a panic and a damaged record are ErrCorrupt, and the file can be opened again.
func TestOpenDescribesDamage(t *testing.T) {
	f := testFile(filepath.Join(t.TempDir(), "test.db"))
	for name, load := range map[string]func(*bbolt.DB) error{
		"panic": func(*bbolt.DB) error { panic("page 7") },
		"error": func(*bbolt.DB) error { return ErrDamaged },
	} {
		err := reopen(t, f, load)
		if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), f.Path) || !strings.Contains(err.Error(), "restore it") {
			t.Errorf("%s: error %v, want %v with path and remedy", name, err, ErrCorrupt)
		}
	}
	if err := reopen(t, f, loadNothing); err != nil {
		t.Error(err)
	}
}
