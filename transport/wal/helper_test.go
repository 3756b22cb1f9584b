package wal

import (
	"os"
	"path/filepath"
	"testing"
)

// batchText is a batch.
type batchText string

func (s batchText) AppendBinary(b []byte) ([]byte, error) { return append(b, s...), nil }

// openLog opens the log in the folder and returns the replayed batches, from number has+1.
func openLog(dir string, has uint64, wrap func(File) File) (*Log, []string, error) {
	var got []string
	l, err := Open(Options{Folder: dir, Name: "test", Owner: "owner", Wrap: wrap, growBy: 4096}, has, func(_ uint64, b []byte) error {
		got = append(got, string(b))
		return nil
	})
	return l, got, err
}

// mustOpen opens a log that is ready for appends. The test closes it.
func mustOpen(t *testing.T, dir string, has uint64) (*Log, []string) {
	t.Helper()
	l, got, err := openLog(dir, has, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	mustRelease(t, l, has+uint64(len(got)))
	return l, got
}

func mustRelease(t *testing.T, l *Log, upTo uint64) {
	t.Helper()
	if err := l.Release(upTo, nil); err != nil {
		t.Fatal(err)
	}
}

func mustRotate(t *testing.T, l *Log) {
	t.Helper()
	if err := l.Rotate(); err != nil {
		t.Fatal(err)
	}
}

func appendAll(t *testing.T, l *Log, batches ...string) (last uint64) {
	t.Helper()
	for _, b := range batches {
		n, err := l.Append(batchText(b))
		if err != nil {
			t.Fatal(err)
		}
		last = n
	}
	return last
}

func segmentPath(dir string, n int) string {
	return filepath.Join(dir, []string{"test-1.wal", "test-2.wal"}[n-1])
}

// readSegmentFile returns the content of a segment.
func readSegmentFile(t *testing.T, dir string, n int) []byte {
	t.Helper()
	b, err := os.ReadFile(segmentPath(dir, n))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeSegmentFile(t *testing.T, dir string, n int, b []byte) {
	t.Helper()
	if err := os.WriteFile(segmentPath(dir, n), b, 0o600); err != nil {
		t.Fatal(err)
	}
}
