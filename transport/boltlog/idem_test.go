package boltlog

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"chatnode/actors/chat"
)

// TestKeysExpireAfterWindow: a key is stored for at least the window, and evicted within two.
func TestKeysExpireAfterWindow(t *testing.T) {
	const window = 1000 // ms
	m := newKeyCache(window*time.Millisecond, 0)
	for now := int64(0); now < 10*window; now += 10 {
		m.rotate(now)
		m.add(&record{kind: chat.EntryMessage, id: "m", target: "m", seq: uint64(now) + 1, at: now, key: hashKey("a", fmt.Sprint(now))})
		for age := int64(0); age <= min(window, now); age += 10 {
			if r, ok := m.find(hashKey("a", fmt.Sprint(now-age))); !ok || r.seq != uint64(now-age)+1 {
				t.Fatalf("at %d ms, the key that is %d ms old: %+v, %t", now, age, r, ok)
			}
		}
		if old := now - 2*window; old >= 0 {
			if _, ok := m.find(hashKey("a", fmt.Sprint(old))); ok {
				t.Fatalf("at %d ms, a key that is two windows old is still stored", now)
			}
		}
	}
	if n, limit := keyCount(m), 2*window/10; n > limit {
		t.Fatalf("%d keys stored, want at most %d", n, limit)
	}
}

func TestKeyHashIncludesRoom(t *testing.T) {
	if hashKey("ab", "c") == hashKey("a", "bc") {
		t.Fatal("keys of two rooms have the same hash")
	}
	if hashKey("a", "") != (idemKey{}) {
		t.Fatal("the empty key has a hash")
	}
}

// TestKeysIgnoreClockChanges: a key is stored for the window even if the clock is set, also after a restart. Memory
// does not grow until a clock that was set back catches up.
func TestKeysIgnoreClockChanges(t *testing.T) {
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
			log := openInternal(t, o)
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
						t.Fatalf("the key of message %d was evicted after message %d: %+v", old, n, got)
					}
				}
			}
			log.mu.Lock()
			stored := keyCount(log.keys)
			log.mu.Unlock()
			if stored > 10 {
				t.Errorf("%d keys in memory, want 6 of the last minute and at most 4 others", stored)
			}
			again := reopenCopy(t, log)
			for n := 6; n < 12; n++ {
				if got := mustAppend(t, again, message("a", n))[0]; !got.Duplicate {
					t.Errorf("after a restart the key of message %d is missing", n)
				}
			}
		})
	}
}

// TestFullGenerationIsReplaced: offsets in a generation do not overflow, even if the window is long.
func TestFullGenerationIsReplaced(t *testing.T) {
	m := newKeyCache(24*time.Hour, 0)
	put := func(name string) {
		m.rotate(1)
		m.add(&record{kind: chat.EntryMessage, id: name, target: name, key: hashKey("a", name)})
	}
	put("first")
	m.maxBytes = len(m.generations[0].entries)
	put("second")
	if len(m.generations) != 2 {
		t.Fatalf("%d generations, want 2", len(m.generations))
	}
	for _, name := range []string{"first", "second"} {
		if r, ok := m.find(hashKey("a", name)); !ok || r.id != name {
			t.Errorf("%s: %+v, %t", name, r, ok)
		}
	}
}
