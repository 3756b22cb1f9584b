package boltfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// Offsets in a bbolt meta page, in bytes. Numbers are in native byte order.
const (
	metaAt        = 16 // after the page header
	magicAt       = metaAt
	pageSizeAt    = metaAt + 8
	pagesAt       = metaAt + 40
	transactionAt = metaAt + 48
	checksumAt    = metaAt + 56
	metaEnd       = metaAt + 64
	boltMagic     = 0xED0CDAED
)

// maxPageSize is the largest page size of bbolt, in bytes.
const maxPageSize = 64 << 10

// checkMeta verifies the two meta pages and the size of the file before bbolt maps it. Reading a mapped page beyond
// the end of a truncated file would kill the process. A missing or empty file is valid.
func checkMeta(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("check meta pages: %w", err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("check meta pages: %w", err)
	}
	head := make([]byte, maxPageSize+metaEnd)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("check meta pages: %w", err)
	}
	if info.Size() == 0 {
		return nil
	}
	return checkSize(head[:n], info.Size())
}

// checkSize compares the size of the file with the size in its newest valid meta page.
func checkSize(head []byte, size int64) error {
	var newest, need uint64
	for at := 0; at+metaEnd <= len(head); at = nextMeta(at) {
		m := head[at:]
		if !validMeta(m) {
			continue
		}
		if id := binary.NativeEndian.Uint64(m[transactionAt:]); need == 0 || id > newest {
			newest, need = id, binary.NativeEndian.Uint64(m[pagesAt:])*uint64(binary.NativeEndian.Uint32(m[pageSizeAt:]))
		}
	}
	switch {
	case need == 0:
		return fmt.Errorf("not a bbolt file: %w", ErrDamaged)
	case uint64(size) < need:
		return fmt.Errorf("size %d bytes, want %d: %w", size, need, ErrDamaged)
	}
	return nil
}

// nextMeta returns the next possible offset of a meta page. The second one is at the page size, a power of two.
func nextMeta(at int) int { return max(1024, 2*at) }

func validMeta(m []byte) bool {
	if binary.NativeEndian.Uint32(m[magicAt:]) != boltMagic {
		return false
	}
	h := fnv.New64a()
	_, _ = h.Write(m[metaAt:checksumAt]) // never fails
	return h.Sum64() == binary.NativeEndian.Uint64(m[checksumAt:])
}
