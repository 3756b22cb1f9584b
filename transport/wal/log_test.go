package wal

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestRelease: released batches are erased from the disk, and the other ones are replayed in order, from both
// segments.
func TestRelease(t *testing.T) {
	dir := t.TempDir()
	l, _ := mustOpen(t, dir, 0)
	last := appendAll(t, l, "SECRET 1", "SECRET 2")
	mustRotate(t, l)
	appendAll(t, l, "three", "four")
	mustRotate(t, l) // the other segment is not empty
	if n := appendAll(t, l, "five"); n != 5 {
		t.Fatalf("batch %d, want 5", n)
	}
	other, got, err := openLog(dir, 0, nil)
	if err != nil || !slices.Equal(got, []string{"SECRET 1", "SECRET 2", "three", "four", "five"}) {
		t.Fatalf("replayed %q, error %v", got, err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	mustRelease(t, l, last-1)
	if !bytes.Contains(readSegmentFile(t, dir, 1), []byte("SECRET")) {
		t.Fatal("a segment with an unreleased batch was wiped")
	}
	mustRelease(t, l, last)
	if b := readSegmentFile(t, dir, 1); bytes.Contains(b, []byte("SECRET")) || len(bytes.Trim(b[headerSize:], "\x00")) > 0 {
		t.Fatal("a released batch is still on the disk")
	}
	if _, got := mustOpen(t, dir, last); !slices.Equal(got, []string{"three", "four", "five"}) {
		t.Fatalf("replayed %q", got)
	}
}

// TestReleaseInChunks: a large segment is wiped in chunks, and appends succeed between them.
func TestReleaseInChunks(t *testing.T) {
	dir := t.TempDir()
	l, _ := mustOpen(t, dir, 0)
	last := appendAll(t, l, strings.Repeat("SECRET ", 30_000), strings.Repeat("SECRET ", 10_000))
	mustRotate(t, l)
	var left []int
	err := l.Release(last, func(n int) {
		appendAll(t, l, "between")
		if b := readSegmentFile(t, dir, 1); bytes.Contains(b[:len(b)*len(left)/6], []byte("SECRET")) {
			t.Errorf("the chunk before chunk %d was not wiped", n)
		}
		left = append(left, n)
	})
	if err != nil || !slices.Equal(left, []int{4, 3, 2, 1, 0}) {
		t.Fatalf("sleep called with %v chunks left, error %v; want 4 to 0", left, err)
	}
	if b := readSegmentFile(t, dir, 1); len(bytes.Trim(b[headerSize:], "\x00")) > 0 {
		t.Fatal("a released batch is still on the disk")
	}
	if _, got := mustOpen(t, dir, last); !slices.Equal(got, slices.Repeat([]string{"between"}, 5)) {
		t.Fatalf("replayed %q", got)
	}
}

// TestSegmentsGrowAndShrink: a batch may be larger than a segment, and an idle log frees the space.
func TestSegmentsGrowAndShrink(t *testing.T) {
	dir := t.TempDir()
	l, _ := mustOpen(t, dir, 0)
	large := strings.Repeat("x", 100_000)
	last := appendAll(t, l, "small", large, "small")
	if size := len(readSegmentFile(t, dir, 1)); size%4096 != 0 || size < len(large) {
		t.Fatalf("segment of %d bytes, want a multiple of 4096", size)
	}
	for range 10 {
		mustRotate(t, l)
		mustRelease(t, l, last)
		last = appendAll(t, l, "idle")
	}
	mustRotate(t, l)
	mustRelease(t, l, last)
	if a, b := len(readSegmentFile(t, dir, 1)), len(readSegmentFile(t, dir, 2)); a > 8192 || b > 8192 {
		t.Fatalf("segments of %d and %d bytes after ten idle rounds, want at most 8192", a, b)
	}
}

func TestAppendAllocatesNothing(t *testing.T) {
	l, _ := mustOpen(t, t.TempDir(), 0)
	var batch interface {
		AppendBinary(b []byte) ([]byte, error)
	} = batchText("batch")
	n := testing.AllocsPerRun(50, func() {
		if _, err := l.Append(batch); err != nil {
			t.Error(err)
		}
	})
	if n > 0 {
		t.Fatalf("%v allocations per append, want 0", n)
	}
}

// TestOpenRejects: Open rejects damaged and foreign segments, and does not treat them as empty.
func TestOpenRejects(t *testing.T) {
	other := newHeader("another").encode()
	cases := map[string]struct {
		change func(b []byte) []byte
		want   error
	}{
		"empty file":                       {func([]byte) []byte { return nil }, ErrDamaged},
		"header truncated":                 {func(b []byte) []byte { return b[:headerSize-1] }, ErrDamaged},
		"header changed":                   {func(b []byte) []byte { b[20] ^= 1; return b }, ErrDamaged},
		"only zeros":                       {func(b []byte) []byte { return make([]byte, len(b)) }, ErrDamaged},
		"first batch missing":              {func(b []byte) []byte { clear(b[headerSize : headerSize+frameHeader]); return b }, ErrDamaged},
		"another owner's batches":          {func(b []byte) []byte { return append(other, b[headerSize:]...) }, ErrForeign},
		"another owner's, without batches": {func([]byte) []byte { return append(other, make([]byte, 100)...) }, nil},
		"draft left by a kill":             {func(b []byte) []byte { return append(b, 0) }, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir, _ := filledLog(t)
			writeSegmentFile(t, dir, 1, c.change(readSegmentFile(t, dir, 1)))
			if err := os.WriteFile(segmentPath(dir, 2)+".new", []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
			l, got, err := openLog(dir, 0, nil)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v; replayed %q", err, c.want, got)
			}
			if err == nil && l.Close() != nil {
				t.Fatal("Close failed")
			}
		})
	}
}

// TestClosed: a closed log accepts no batches, and closing it again is no error.
func TestClosed(t *testing.T) {
	l, _ := mustOpen(t, t.TempDir(), 0)
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Append(batchText("late")); !errors.Is(err, ErrClosed) {
		t.Fatalf("error %v, want %v", err, ErrClosed)
	}
}
