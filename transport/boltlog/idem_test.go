package boltlog

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors"
)

// TestKeysLastTheWindow: a key is known for at least the window, and memory lets go of it within two.
func TestKeysLastTheWindow(t *testing.T) {
	const window = 1000 // ms
	m := newIdem(window*time.Millisecond, 0)
	for now := int64(0); now < 10*window; now += 10 {
		m.rotate(now)
		m.add(&record{kind: actors.KindMessage, id: "m", target: "m", seq: uint64(now) + 1, at: now, key: hashKey("a", fmt.Sprint(now))})
		for age := int64(0); age <= min(window, now); age += 10 {
			if r, ok := m.find(hashKey("a", fmt.Sprint(now-age))); !ok || r.seq != uint64(now-age)+1 {
				t.Fatalf("at %d ms the key of %d ms before: %+v, %t", now, age, r, ok)
			}
		}
		if old := now - 2*window; old >= 0 {
			if _, ok := m.find(hashKey("a", fmt.Sprint(old))); ok {
				t.Fatalf("at %d ms a key of two windows before is still held", now)
			}
		}
	}
	if held, most := m.size(), 2*window/10; held > most {
		t.Fatalf("%d keys are held, want at most %d", held, most)
	}
}

// TestKeysOfRoomsDiffer: the border between room and key is part of the hash.
func TestKeysOfRoomsDiffer(t *testing.T) {
	if hashKey("ab", "c") == hashKey("a", "bc") {
		t.Fatal("two rooms share a key")
	}
	if hashKey("a", "") != (idemKey{}) {
		t.Fatal("no key has a hash")
	}
}
