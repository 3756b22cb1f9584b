package actorstest

import (
	"testing"

	"github.com/rs/zerolog"

	"chatnode/actors/process"
)

// KitFunc is an actor made of a function.
type KitFunc func(self *process.Process, msg any)

// Receive implements Actor.
func (f KitFunc) Receive(self *process.Process, msg any) { f(self, msg) }

// KitSystem is a system of the kinds named.
func KitSystem(t testing.TB, kinds ...process.Kind) *process.System {
	t.Helper()
	sys, err := process.NewSystem(zerolog.Nop(), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}
