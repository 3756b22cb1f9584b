package redistest

import (
	"testing"
	"time"
)

// Wait polls ok until it is true, at most so long. what says what was waited for.
func Wait(t testing.TB, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

// wait is Wait with the patience that servers need.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	Wait(t, patience, what, ok)
}
