//go:build !linux

package wal

import "math"

// freeSpace is not known here; a volume that is full says so when it is written to.
func freeSpace(string) (int64, error) { return math.MaxInt64, nil }
