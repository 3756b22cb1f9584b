package wal

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestRelease: what is released is gone from the disk, and what is not is replayed, in order, from both segments.
func TestRelease(t *testing.T) {
	dir := t.TempDir()
	l, _ := open(t, dir, 0)
	last := appendAll(t, l, "SECRET 1", "SECRET 2")
	rotate(t, l)
	appendAll(t, l, "three", "four")
	rotate(t, l) // there is nowhere to go
	if n := appendAll(t, l, "five"); n != 5 {
		t.Fatalf("batch %d, want 5", n)
	}
	other, got, err := opened(dir, 0, nil)
	if err != nil || !slices.Equal(got, []string{"SECRET 1", "SECRET 2", "three", "four", "five"}) {
		t.Fatalf("replayed %q, error %v", got, err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	release(t, l, last-1)
	if !bytes.Contains(content(t, dir, 1), []byte("SECRET")) {
		t.Fatal("a segment went of which a batch is not released")
	}
	release(t, l, last)
	if b := content(t, dir, 1); bytes.Contains(b, []byte("SECRET")) || len(bytes.Trim(b[headerSize:], "\x00")) > 0 {
		t.Fatal("what was released is still on the disk")
	}
	if _, got := open(t, dir, last); !slices.Equal(got, []string{"three", "four", "five"}) {
		t.Fatalf("replayed %q", got)
	}
}

// TestReleaseInPieces: a large segment is scrubbed piece by piece, and batches are taken between any two of them.
func TestReleaseInPieces(t *testing.T) {
	dir := t.TempDir()
	l, _ := open(t, dir, 0)
	last := appendAll(t, l, strings.Repeat("SECRET ", 30_000), strings.Repeat("SECRET ", 10_000))
	rotate(t, l)
	var left []int
	err := l.Release(last, func(n int) {
		appendAll(t, l, "between")
		if b := content(t, dir, 1); bytes.Contains(b[:len(b)*len(left)/6], []byte("SECRET")) {
			t.Errorf("before piece %d the one before it is still on the disk", n)
		}
		left = append(left, n)
	})
	if err != nil || !slices.Equal(left, []int{4, 3, 2, 1, 0}) {
		t.Fatalf("rests with %v pieces left, error %v; want 4 to 0", left, err)
	}
	if b := content(t, dir, 1); len(bytes.Trim(b[headerSize:], "\x00")) > 0 {
		t.Fatal("what was released is still on the disk")
	}
	if _, got := open(t, dir, last); !slices.Equal(got, slices.Repeat([]string{"between"}, 5)) {
		t.Fatalf("replayed %q", got)
	}
}

// TestSegmentsGrowAndShrink: a batch larger than a segment is taken, and a quiet log gives the space back.
func TestSegmentsGrowAndShrink(t *testing.T) {
	dir := t.TempDir()
	l, _ := open(t, dir, 0)
	large := strings.Repeat("x", 100_000)
	last := appendAll(t, l, "small", large, "small")
	if size := len(content(t, dir, 1)); size%4096 != 0 || size < len(large) {
		t.Fatalf("the segment has %d bytes", size)
	}
	for range 10 {
		rotate(t, l)
		release(t, l, last)
		last = appendAll(t, l, "quiet")
	}
	rotate(t, l)
	release(t, l, last)
	if a, b := len(content(t, dir, 1)), len(content(t, dir, 2)); a > 8192 || b > 8192 {
		t.Fatalf("after ten quiet rounds the segments have %d and %d bytes", a, b)
	}
}

// TestAppendAllocatesNothing: the buffer is reused.
func TestAppendAllocatesNothing(t *testing.T) {
	l, _ := open(t, t.TempDir(), 0)
	var batch interface {
		AppendBinary(b []byte) ([]byte, error)
	} = text("batch")
	n := testing.AllocsPerRun(50, func() {
		if _, err := l.Append(batch); err != nil {
			t.Error(err)
		}
	})
	if n > 0 {
		t.Fatalf("%v allocations an append", n)
	}
}

// TestOpenRefuses: what is not its own, or not whole, it does not take for an empty log.
func TestOpenRefuses(t *testing.T) {
	other := newHeader("another").encode()
	cases := map[string]struct {
		change func(b []byte) []byte
		want   error
	}{
		"empty file":                     {func([]byte) []byte { return nil }, ErrDamaged},
		"header cut":                     {func(b []byte) []byte { return b[:headerSize-1] }, ErrDamaged},
		"header changed":                 {func(b []byte) []byte { b[20] ^= 1; return b }, ErrDamaged},
		"only zeros":                     {func(b []byte) []byte { return make([]byte, len(b)) }, ErrDamaged},
		"first batch missing":            {func(b []byte) []byte { clear(b[headerSize : headerSize+frameHeader]); return b }, ErrDamaged},
		"another owner's batches":        {func(b []byte) []byte { return append(other, b[headerSize:]...) }, ErrForeign},
		"another owner's, without any":   {func([]byte) []byte { return append(other, make([]byte, 100)...) }, nil},
		"a draft that a kill left there": {func(b []byte) []byte { return append(b, 0) }, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir, _ := filled(t)
			overwrite(t, dir, 1, c.change(content(t, dir, 1)))
			if err := os.WriteFile(segmentPath(dir, 2)+".new", []byte("half"), 0o600); err != nil {
				t.Fatal(err)
			}
			l, got, err := opened(dir, 0, nil)
			if !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v; replayed %q", err, c.want, got)
			}
			if err == nil && l.Close() != nil {
				t.Fatal("it does not close")
			}
		})
	}
}

// TestClosed: a closed log takes nothing, and closing it again is no error.
func TestClosed(t *testing.T) {
	l, _ := open(t, t.TempDir(), 0)
	for range 2 {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Append(text("late")); !errors.Is(err, ErrClosed) {
		t.Fatalf("error %v, want %v", err, ErrClosed)
	}
}
