package actorstest

import (
	"testing"

	"github.com/rs/zerolog"

	"chatnode/actors/process"
)

// Func is an actor made of a function.
type Func func(self *process.Process, msg any)

// Receive implements Actor.
func (f Func) Receive(self *process.Process, msg any) { f(self, msg) }

// NewSystem is a system of the kinds named.
func NewSystem(t testing.TB, kinds ...process.Kind) *process.System {
	t.Helper()
	sys, err := process.NewSystem(zerolog.Nop(), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}
