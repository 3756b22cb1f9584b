package redistest

import (
	"testing"
	"time"
)

// Wait polls ok every 10 ms until it returns true. It fails the test after timeout, with condition in the message.
func Wait(t testing.TB, timeout time.Duration, condition string, ok func() bool) {
	t.Helper()
	WaitOr(t, timeout, ok, func() string { return condition })
}

// WaitOr is like Wait. It calls explain for the message only after the timeout.
func WaitOr(t testing.TB, timeout time.Duration, ok func() bool, explain func() string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(timeout)
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("not within %v: %s", timeout, explain())
		}
	}
}

// wait is Wait with waitTimeout.
func wait(t testing.TB, condition string, ok func() bool) {
	t.Helper()
	Wait(t, waitTimeout, condition, ok)
}
