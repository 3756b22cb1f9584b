package actors

import (
	"testing"

	"github.com/rs/zerolog"
)

// kitFunc is an actor made of a function.
type kitFunc func(self *Process, msg any)

// Receive implements Actor.
func (f kitFunc) Receive(self *Process, msg any) { f(self, msg) }

// kitSystem is a system of the kinds named.
func kitSystem(t testing.TB, kinds ...ActorKind) *System {
	t.Helper()
	sys, err := NewSystem(zerolog.Nop(), kinds...)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}
