package wal

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// A File is what a segment needs of its file.
type File interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error // makes durable what was written, and the size
}

// An osFile is a File of the operating system, whose Sync leaves out what reading does not need.
type osFile struct{ *os.File }

// Sync implements File.
func (f osFile) Sync() error { return datasync(f.File) }

// syncFolder makes the names in the folder durable: an fsync of a file does not save its name.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err == nil {
		err = errors.Join(f.Sync(), f.Close())
	}
	if err != nil {
		return fmt.Errorf("sync folder: %w", err)
	}
	return nil
}

// zeros is what is written over what is no longer needed, and ahead of what will be.
var zeros [256 << 10]byte

// writeZeros writes zeros from one offset to another.
func writeZeros(f io.WriterAt, from, to int64) error {
	for from < to {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), to-from)], from)
		if err != nil {
			return err
		}
		from += int64(n)
	}
	return nil
}
