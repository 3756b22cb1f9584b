package redistest

import (
	"testing"
	"time"
)

// Wait polls ok until it is true, at most so long. what says what was waited for.
func Wait(t testing.TB, patience time.Duration, what string, ok func() bool) {
	t.Helper()
	WaitOr(t, patience, ok, func() string { return what })
}

// WaitOr is Wait where what there is to say, of what is in the way, is known at the end.
func WaitOr(t testing.TB, patience time.Duration, ok func() bool, what func() string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited %v in vain: %s", patience, what())
		}
	}
}

// wait is Wait with the patience that servers need.
func wait(t testing.TB, what string, ok func() bool) {
	t.Helper()
	Wait(t, patience, what, ok)
}
