package room

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAWriteThatIsTriedAgainIsNotASecondMessage(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	p := slowModeTimes{}
	p.note("eve", "a1-key", time.Hour, at)
	for _, c := range []struct {
		id    string
		after time.Duration
		wait  time.Duration
	}{
		{"a2-key", time.Second, 0}, // from another position, the same key
		{"a2-other", time.Second, time.Hour - time.Second},
		{"a2-key", retryWithin, time.Hour - retryWithin},
		{"a2-other", time.Hour, 0},
	} {
		if wait := p.wait("eve", c.id, time.Hour, at.Add(c.after)); wait != c.wait {
			t.Errorf("%s after %v waits %v, want %v", c.id, c.after, wait, c.wait)
		}
	}
	p.refund("eve", "a2-other")
	if p.wait("eve", "x-y", time.Hour, at) == 0 {
		t.Error("a refund of another write was given")
	}
	p.refund("eve", "a1-key")
	if wait := p.wait("eve", "x-y", time.Hour, at); wait != 0 {
		t.Errorf("after the refund: %v", wait)
	}
}

// TestPaceLetsOneMessagePassInAWindow: whatever the users do, two messages of one user that were let pass
// are a window apart, and what is kept is bounded by who wrote in the last window.
func TestPaceLetsOneMessagePassInAWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const window = 10 * time.Second
		p, now, passed := slowModeTimes{}, time.Unix(1_700_000_000, 0), map[string]time.Time{}
		for i := range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			user, id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "user"), fmt.Sprintf("p-%d", i)
			wait := p.wait(user, id, window, now)
			last, wrote := passed[user]
			if want := window - now.Sub(last); wrote && want > 0 && wait != want || (!wrote || want <= 0) && wait != 0 {
				t.Fatalf("%s waits %v at %v, having written at %v", user, wait, now, last)
			}
			if wait == 0 {
				p.note(user, id, window, now)
				passed[user] = now
			}
		}
	})
}

func TestPaceForgetsWhoMayWriteAgain(t *testing.T) {
	at, p := time.Unix(1_700_000_000, 0), slowModeTimes{}
	for i := range 10 * paceSweep {
		p.note(fmt.Sprint("u", i), "p-k", time.Second, at)
		at = at.Add(10 * time.Millisecond)
	}
	if len(p) > 2*paceSweep {
		t.Errorf("%d users are remembered, of whom 100 wrote in the last window", len(p))
	}
}
