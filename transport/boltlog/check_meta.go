package boltlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"go.etcd.io/bbolt"
)

// verifyPages reads every page that is in use. bbolt does so when it opens a file for writing, but in a
// goroutine of its own, where a damaged page ends the process; here it is a panic that the caller
// may recover from.
func verifyPages(path string) (err error) {
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return nil // a new file
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: lockTimeout})
	if err != nil {
		return fmt.Errorf("read it through: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}

// Where things are in a bbolt meta page, in bytes from its start; numbers are in the machine's order.
const (
	metaAt        = 16 // behind the page's header
	magicAt       = metaAt
	pageSizeAt    = metaAt + 8
	pagesAt       = metaAt + 40
	transactionAt = metaAt + 48
	checksumAt    = metaAt + 56
	metaEnd       = metaAt + 64
	boltMagic     = 0xED0CDAED
)

// maxPageSize is the largest page size that bbolt uses.
const maxPageSize = 64 << 10

// checkMeta reads the file's two meta pages before bbolt maps it: reading a mapped page beyond the
// end of a file that was cut short kills the process. A file that is missing or empty is sound.
func checkMeta(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	head := make([]byte, maxPageSize+metaEnd)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("inspect: %w", err)
	}
	if info.Size() == 0 {
		return nil
	}
	return checkSize(head[:n], info.Size())
}

// checkSize compares the size of the file with what its newest sound meta page says.
func checkSize(head []byte, size int64) error {
	var newest, need uint64
	for at := 0; at+metaEnd <= len(head); at = nextMeta(at) {
		m := head[at:]
		if !soundMeta(m) {
			continue
		}
		if id := binary.NativeEndian.Uint64(m[transactionAt:]); need == 0 || id > newest {
			newest, need = id, binary.NativeEndian.Uint64(m[pagesAt:])*uint64(binary.NativeEndian.Uint32(m[pageSizeAt:]))
		}
	}
	switch {
	case need == 0:
		return fmt.Errorf("it is no bbolt file: %w", ErrDamaged)
	case uint64(size) < need:
		return fmt.Errorf("it is %d bytes long and should be %d: %w", size, need, ErrDamaged)
	}
	return nil
}

// nextMeta is where else a meta page may begin: the second is at the page size, a power of two.
func nextMeta(at int) int { return max(1024, 2*at) }

func soundMeta(m []byte) bool {
	if binary.NativeEndian.Uint32(m[magicAt:]) != boltMagic {
		return false
	}
	h := fnv.New64a()
	_, _ = h.Write(m[metaAt:checksumAt]) // a hash takes everything
	return h.Sum64() == binary.NativeEndian.Uint64(m[checksumAt:])
}
