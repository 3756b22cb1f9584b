package wal

import (
	"os"
	"path/filepath"
	"testing"
)

// text is a batch.
type text string

func (s text) AppendBinary(b []byte) ([]byte, error) { return append(b, s...), nil }

// opened opens the log in the folder and returns what it replayed, from number has+1 on.
func opened(dir string, has uint64, wrap func(File) File) (*Log, []string, error) {
	var got []string
	l, err := Open(Options{Folder: dir, Name: "test", Owner: "owner", Wrap: wrap, unit: 4096}, has, func(_ uint64, b []byte) error {
		got = append(got, string(b))
		return nil
	})
	return l, got, err
}

// open is opened for a log that opens, released and ready for appends; the test closes it.
func open(t *testing.T, dir string, has uint64) (*Log, []string) {
	t.Helper()
	l, got, err := opened(dir, has, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	release(t, l, has+uint64(len(got)))
	return l, got
}

func release(t *testing.T, l *Log, upTo uint64) {
	t.Helper()
	if err := l.Release(upTo, nil); err != nil {
		t.Fatal(err)
	}
}

func rotate(t *testing.T, l *Log) {
	t.Helper()
	if err := l.Rotate(); err != nil {
		t.Fatal(err)
	}
}

func appendAll(t *testing.T, l *Log, batches ...string) (last uint64) {
	t.Helper()
	for _, b := range batches {
		n, err := l.Append(text(b))
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

// content is what a segment holds.
func content(t *testing.T, dir string, n int) []byte {
	t.Helper()
	b, err := os.ReadFile(segmentPath(dir, n))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func overwrite(t *testing.T, dir string, n int, b []byte) {
	t.Helper()
	if err := os.WriteFile(segmentPath(dir, n), b, 0o600); err != nil {
		t.Fatal(err)
	}
}
