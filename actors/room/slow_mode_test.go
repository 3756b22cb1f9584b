package room

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSlowModeAllowsRetry(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	p := slowModeTimes{}
	p.add("eve", "a1-key", time.Hour, at)
	for _, c := range []struct {
		id    string
		after time.Duration
		wait  time.Duration
	}{
		{"a2-key", time.Second, 0}, // other position, same key
		{"a2-other", time.Second, time.Hour - time.Second},
		{"a2-key", retryWindow, time.Hour - retryWindow},
		{"a2-other", time.Hour, 0},
	} {
		if wait := p.wait("eve", c.id, time.Hour, at.Add(c.after)); wait != c.wait {
			t.Errorf("%s after %v waits %v, want %v", c.id, c.after, wait, c.wait)
		}
	}
	p.refund("eve", "a2-other")
	if p.wait("eve", "x-y", time.Hour, at) == 0 {
		t.Error("the refund of another write removed the message")
	}
	p.refund("eve", "a1-key")
	if wait := p.wait("eve", "x-y", time.Hour, at); wait != 0 {
		t.Errorf("after the refund: wait %v, want 0", wait)
	}
}

// Two accepted messages of one user are at least one window apart.
func TestSlowModeAcceptsOneMessagePerWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const window = 10 * time.Second
		p, now, accepted := slowModeTimes{}, time.Unix(1_700_000_000, 0), map[string]time.Time{}
		for i := range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			user, id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "user"), fmt.Sprintf("p-%d", i)
			wait := p.wait(user, id, window, now)
			last, wrote := accepted[user]
			if want := window - now.Sub(last); wrote && want > 0 && wait != want || (!wrote || want <= 0) && wait != 0 {
				t.Fatalf("%s waits %v at %v after a message at %v", user, wait, now, last)
			}
			if wait == 0 {
				p.add(user, id, window, now)
				accepted[user] = now
			}
		}
	})
}

func TestSlowModeRemovesExpiredUsers(t *testing.T) {
	at, p := time.Unix(1_700_000_000, 0), slowModeTimes{}
	for i := range 10 * slowModeSweep {
		p.add(fmt.Sprint("u", i), "p-k", time.Second, at)
		at = at.Add(10 * time.Millisecond)
	}
	if len(p) > 2*slowModeSweep {
		t.Errorf("%d users are stored, 100 of them wrote in the last window", len(p))
	}
}
