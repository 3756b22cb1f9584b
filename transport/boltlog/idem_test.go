package boltlog

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// TestKeysLastTheWindow: a key is known for at least the window, and memory lets go of it within two.
func TestKeysLastTheWindow(t *testing.T) {
	const window = 1000 // ms
	m := newIdem(window*time.Millisecond, 0)
	for now := int64(0); now < 10*window; now += 10 {
		m.rotate(now)
		m.add(&record{kind: chat.EntryMessage, id: "m", target: "m", seq: uint64(now) + 1, at: now, key: hashKey("a", fmt.Sprint(now))})
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

// TestKeysHeedNoClock: whatever is done to the clock, a key is known for the window, after a restart too, and
// memory does not grow for as long as a clock that was set back takes to catch up.
func TestKeysHeedNoClock(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour} {
		t.Run(jump.String(), func(t *testing.T) {
			var skew, age atomic.Int64
			o := Options{
				Path: t.TempDir(), IdempotencyWindow: time.Minute,
				Now: func() time.Time {
					return time.UnixMilli(1_700_000_000_000).Add(time.Duration(skew.Load() + age.Load()))
				},
				age: func() time.Duration { return time.Duration(age.Load()) },
			}
			log := openInside(t, o)
			for n := range 12 {
				if n == 6 {
					skew.Store(int64(jump))
				}
				mustAppend(t, log, message("a", n))
				if err := log.Checkpoint(); err != nil {
					t.Fatal(err)
				}
				age.Add(int64(10 * time.Second))
				for old := max(0, n-5); old <= n; old++ {
					if got := mustAppend(t, log, message("a", old))[0]; !got.Duplicate {
						t.Fatalf("the key of message %d is forgotten after message %d: %+v", old, n, got)
					}
				}
			}
			log.mu.Lock()
			held := log.idem.size()
			log.mu.Unlock()
			if held > 10 {
				t.Errorf("memory holds %d keys, of which 6 are of the last minute", held)
			}
			again := killed(t, log)
			for n := 6; n < 12; n++ {
				if got := mustAppend(t, again, message("a", n))[0]; !got.Duplicate {
					t.Errorf("after a restart the key of message %d is forgotten", n)
				}
			}
		})
	}
}

// TestAFullGenerationEndsEarly: places in a generation do not wrap, however long the window is.
func TestAFullGenerationEndsEarly(t *testing.T) {
	m := newIdem(24*time.Hour, 0)
	put := func(name string) {
		m.rotate(1)
		m.add(&record{kind: chat.EntryMessage, id: name, target: name, key: hashKey("a", name)})
	}
	put("first")
	m.full = len(m.gens[0].arena)
	put("second")
	if len(m.gens) != 2 {
		t.Fatalf("%d generations, want 2", len(m.gens))
	}
	for _, name := range []string{"first", "second"} {
		if r, ok := m.find(hashKey("a", name)); !ok || r.id != name {
			t.Errorf("%s: %+v, %t", name, r, ok)
		}
	}
}
