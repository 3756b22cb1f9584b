//go:build !linux

package disk

import "os"

// SyncData makes the data and metadata of the file durable with fsync.
func SyncData(f *os.File) error { return f.Sync() }
