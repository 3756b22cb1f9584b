//go:build !linux

package wal

import "os"

// datasync is the strongest fsync that the system has.
func datasync(f *os.File) error { return f.Sync() }
