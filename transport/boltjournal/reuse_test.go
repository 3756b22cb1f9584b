package boltjournal_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"chatnode/transport/boltjournal"
)

// TestPagesAreReused: the longest outage determines the size of the file, not the sum of all outages, because its
// pages are reused, also after reopening.
func TestPagesAreReused(t *testing.T) {
	o := boltjournal.Options{Path: t.TempDir()}
	j := open(t, o)
	var first int64
	const rest = 100 // writes left when the next outage starts
	for outage := range 20 {
		for n := range 5 {
			mustAppend(t, j, writesFrom(n*2000, n*2000+2000)...)
		}
		for n, _ := j.Size(); n > rest; n, _ = j.Size() {
			mustRemove(t, j, min(n-rest, 1024))
		}
		switch size := fileSize(t, o.Path); {
		case outage == 0:
			first = size
		case size > first+first/4:
			t.Fatalf("file of %d bytes after outage %d, %d bytes after the first", size, outage, first)
		}
		if outage%8 == 7 {
			closeJournal(t, j)
			j = open(t, o)
		}
	}
}

// fileSize returns the bytes that the file occupies on the volume, without the holes of a sparse file.
func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatalf("no block count in %T", info.Sys())
	}
	return stat.Blocks * 512
}
