package link

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/process"
)

// A RoomCaughtUp of an earlier generation does not count, also if it is queued behind the message that starts the next
// generation. Otherwise the link would be healthy before the room has caught up (INV-5).
func TestEarlierGenerationIsIgnored(t *testing.T) {
	sys := actorstest.NewSystem(t, Kind, DispatcherKind)
	prepare := func(id string) *process.Process {
		return sys.Prepare(process.Spec{Kind: DispatcherKind, ID: id, New: func() process.Actor { return &Dispatcher{} }})
	}
	l := New(&Deps{System: sys, Health: NewHealth(), Publisher: prepare("publisher")})
	l.rooms["r"] = prepare("room")
	l.state = state{mode: modeDegraded, subscribed: true, passed: checkProbe}
	self := sys.Prepare(process.Spec{Kind: Kind, New: func() process.Actor { return l }})
	l.ReceiveBatch(self, []any{WriteSucceeded{}, RoomCaughtUp{Room: "r", Generation: l.generation}})
	if l.state.mode != modeRecovering || l.state.passed&checkRooms != 0 || len(l.lagging) != 1 {
		t.Fatalf("mode %v, passed %b, lagging %v", l.state.mode, l.state.passed, l.lagging)
	}
	l.ReceiveBatch(self, []any{RoomCaughtUp{Room: "r", Generation: l.generation}})
	if l.state.passed&checkRooms == 0 {
		t.Fatal("RoomCaughtUp of the current generation was ignored")
	}
}
