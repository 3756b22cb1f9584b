package actorstest

import (
	"testing"

	"github.com/rs/zerolog"

	"chatnode/actors/process"
)

// Func is an actor made of a function, which receives all its messages.
type Func func(self *process.Process, msg any)

// Receive implements process.Actor.
func (f Func) Receive(self *process.Process, msg any) { f(self, msg) }

// NewSystem returns a system with the given kinds and without a log.
func NewSystem(t testing.TB, kinds ...process.Kind) *process.System {
	t.Helper()
	sys, err := process.NewSystem(zerolog.Nop(), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

// CheckUnknown fails the test if an actor of sys has received a message that it does not handle. Call it when all
// processes are idle or stopped.
func CheckUnknown(t testing.TB, sys *process.System) {
	t.Helper()
	for kind := range sys.Kinds() {
		if n := kind.Unknown.Load(); n > 0 {
			t.Errorf("kind %s received %d unknown messages, want 0", kind.Name, n)
		}
	}
}
