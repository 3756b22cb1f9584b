package wal

import (
	"io"
	"os"

	"chatnode/transport/disk"
)

// File is the operations of a segment on its file.
type File interface {
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error // makes data and size durable
}

// osFile is a File of the operating system.
type osFile struct{ *os.File }

// Sync makes the data durable, but not the metadata that reading does not need.
func (f osFile) Sync() error { return disk.SyncData(f.File) }

// zeros is the source of writeZeros.
var zeros [256 << 10]byte

// writeZeros writes zeros between two offsets.
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
