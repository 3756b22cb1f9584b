package actors

import (
	"testing"

	"github.com/rs/zerolog"

	"chatnode/actors/process"
)

func TestKindsFormTree(t *testing.T) {
	if _, err := process.NewSystem(zerolog.Nop(), Kinds...); err != nil {
		t.Error(err)
	}
	for _, kinds := range [][]process.Kind{
		{{Name: "a", Parent: "b"}, {Name: "b"}},
		{{Name: "a"}, {Name: "a"}},
	} {
		if _, err := process.NewSystem(zerolog.Nop(), kinds...); err == nil {
			t.Errorf("%v: no error", kinds)
		}
	}
}
