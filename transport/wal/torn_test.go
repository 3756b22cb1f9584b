package wal

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

var batches = []string{"first", "", "the third\x00", strings.Repeat("four", 20), "the last \x00\x00"}

// filledLog returns a folder whose first segment contains batches, and the end of each frame in it.
func filledLog(t *testing.T) (dir string, ends []int) {
	t.Helper()
	dir = t.TempDir()
	l, _ := mustOpen(t, dir, 0)
	appendAll(t, l, batches...)
	at := headerSize
	for _, b := range batches {
		at += frameHeader + len(b)
		ends = append(ends, at)
	}
	return dir, ends
}

// wholeFrames returns how many frames of b are complete in torn.
func wholeFrames(torn, b []byte, ends []int) (n int) {
	for n < len(ends) && bytes.HasPrefix(torn, b[:ends[n]]) {
		n++
	}
	return n
}

// TestTornAtEveryByte: if the file ends at any byte of its last frames, or has its previous content from there on,
// exactly the complete frames are replayed.
func TestTornAtEveryByte(t *testing.T) {
	dir, ends := filledLog(t)
	b := readSegmentFile(t, dir, 1)
	for at := ends[1]; at <= ends[4]; at++ {
		for name, torn := range map[string][]byte{"truncated": b[:at], "not written": append(slices.Clone(b[:at]), make([]byte, len(b)-at)...)} {
			writeSegmentFile(t, dir, 1, torn)
			l, got, err := openLog(dir, 0, nil)
			if err != nil {
				t.Fatalf("%s at byte %d: %v", name, at, err)
			}
			n := wholeFrames(torn, b, ends)
			if !slices.Equal(got, batches[:n]) {
				t.Fatalf("%s at byte %d: replayed %q, want %q", name, at, got, batches[:n])
			}
			mustRelease(t, l, uint64(n))
			if number := appendAll(t, l, "next"); number != uint64(n+1) {
				t.Fatalf("%s at byte %d: the next batch is %d, want %d", name, at, number, n+1)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestDamageIsNotTheEnd: a changed byte before the last frame is an error. In the last frame, it is the end of the
// log.
func TestDamageIsNotTheEnd(t *testing.T) {
	dir, ends := filledLog(t)
	b := readSegmentFile(t, dir, 1)
	for at := range ends[4] {
		changed := slices.Clone(b)
		changed[at] ^= 0x10
		writeSegmentFile(t, dir, 1, changed)
		l, got, err := openLog(dir, 0, nil)
		switch {
		case at < ends[3]:
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("byte %d, before the last frame: error %v, replayed %q", at, err, got)
			}
			continue
		case err != nil || !slices.Equal(got, batches[:4]):
			t.Fatalf("byte %d, in the last frame: error %v, replayed %q", at, err, got)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamageInMovedBatches: damage in batches that the owner has is ignored, because a kill may end a wipe at any
// byte.
func TestDamageInMovedBatches(t *testing.T) {
	dir, ends := filledLog(t)
	b := readSegmentFile(t, dir, 1)
	copy(b[ends[0]:ends[2]-1], make([]byte, ends[2]))
	writeSegmentFile(t, dir, 1, b)
	if _, got := mustOpen(t, dir, 3); !slices.Equal(got, batches[3:]) {
		t.Fatalf("replayed %q, want %q", got, batches[3:])
	}
	if now := readSegmentFile(t, dir, 1); bytes.Contains(now, []byte("four")) {
		t.Fatal("a released batch is still in the file")
	}
}
