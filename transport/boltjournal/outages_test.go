package boltjournal_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"chatnode/transport/boltjournal"
)

// TestManyOutages: the file is as large as the longest outage makes it, not as all of them together:
// its pages are used again, after a reopening too.
func TestManyOutages(t *testing.T) {
	o := boltjournal.Options{Path: t.TempDir()}
	j := open(t, o)
	var first int64
	const rest = 100 // of one outage are still held when the next begins
	for outage := range 20 {
		for n := range 5 {
			keep(t, j, some(n*2000, n*2000+2000)...)
		}
		for n, _ := j.Size(); n > rest; n, _ = j.Size() {
			drop(t, j, min(n-rest, 1024))
		}
		switch size := fileSize(t, o.Path); {
		case outage == 0:
			first = size
		case size > first+first/4:
			t.Fatalf("after outage %d the file has %d bytes, after the first it had %d", outage, size, first)
		}
		if outage%8 == 7 {
			closeJournal(t, j)
			j = open(t, o)
		}
	}
}

// fileSize is the bytes that the file takes on the volume: it has holes where it never was written.
func fileSize(t *testing.T, dir string) int64 {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, fileName))
	if err != nil {
		t.Fatal(err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t.Fatalf("the system tells no blocks of a file: %T", info.Sys())
	}
	return stat.Blocks * 512
}
