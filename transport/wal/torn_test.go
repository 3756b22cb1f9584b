package wal

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

var written = []string{"first", "", "the third\x00", strings.Repeat("four", 20), "the last \x00\x00"}

// filled is a folder whose first segment holds what was written, and where each frame ends in it.
func filled(t *testing.T) (dir string, ends []int) {
	t.Helper()
	dir = t.TempDir()
	l, _ := open(t, dir, 0)
	appendAll(t, l, written...)
	at := headerSize
	for _, b := range written {
		at += frameHeader + len(b)
		ends = append(ends, at)
	}
	return dir, ends
}

// whole is how many frames of b are whole in what was torn.
func whole(torn, b []byte, ends []int) (n int) {
	for n < len(ends) && bytes.HasPrefix(torn, b[:ends[n]]) {
		n++
	}
	return n
}

// TestTornAtEveryByte: whether a file ends at a byte of its last frames, or is as it was before from there on,
// what was whole is replayed, and nothing else.
func TestTornAtEveryByte(t *testing.T) {
	dir, ends := filled(t)
	b := content(t, dir, 1)
	for at := ends[1]; at <= ends[4]; at++ {
		for name, torn := range map[string][]byte{"cut": b[:at], "not written": append(slices.Clone(b[:at]), make([]byte, len(b)-at)...)} {
			overwrite(t, dir, 1, torn)
			l, got, err := opened(dir, 0, nil)
			if err != nil {
				t.Fatalf("%s at byte %d: %v", name, at, err)
			}
			n := whole(torn, b, ends)
			if !slices.Equal(got, written[:n]) {
				t.Fatalf("%s at byte %d: replayed %q, want %q", name, at, got, written[:n])
			}
			release(t, l, uint64(n))
			if number := appendAll(t, l, "next"); number != uint64(n+1) {
				t.Fatalf("%s at byte %d: the next batch is %d, want %d", name, at, number, n+1)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestDamageIsNotTakenForTheEnd: one changed byte before the last frame is an error, and in the
// last one it is the end.
func TestDamageIsNotTakenForTheEnd(t *testing.T) {
	dir, ends := filled(t)
	b := content(t, dir, 1)
	for at := range ends[4] {
		changed := slices.Clone(b)
		changed[at] ^= 0x10
		overwrite(t, dir, 1, changed)
		l, got, err := opened(dir, 0, nil)
		switch {
		case at < ends[3]:
			if !errors.Is(err, ErrDamaged) {
				t.Fatalf("byte %d of a frame in the middle: error %v, replayed %q", at, err, got)
			}
			continue
		case err != nil || !slices.Equal(got, written[:4]):
			t.Fatalf("byte %d, of the last frame: error %v, replayed %q", at, err, got)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamageInWhatTheOwnerHas: it is nobody's business any more, for a kill may have ended a scrub anywhere.
func TestDamageInWhatTheOwnerHas(t *testing.T) {
	dir, ends := filled(t)
	b := content(t, dir, 1)
	copy(b[ends[0]:ends[2]-1], make([]byte, ends[2]))
	overwrite(t, dir, 1, b)
	if _, got := open(t, dir, 3); !slices.Equal(got, written[3:]) {
		t.Fatalf("replayed %q, want %q", got, written[3:])
	}
	if now := content(t, dir, 1); bytes.Contains(now, []byte("four")) {
		t.Fatal("what was released is still in the file")
	}
}
