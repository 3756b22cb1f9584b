package fanout

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/wire"
)

// The close frame is the last of a connection, also for a client whose join is answered behind it.
func TestNothingFollowsTheCloseFrame(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.take(&JoinGroup{"before", c, textFrame("joined")})
	b.w.take(&BroadcastFrame{Room: "before", Frame: textFrame("one")})
	b.w.take(&closeClient{c, wire.ClosePolicy, "banned"})
	b.w.take(&JoinGroup{"after", c, textFrame("joined")})
	for range 2 {
		b.w.take(&BroadcastFrame{Room: "before", Frame: textFrame("two")})
		b.w.take(&BroadcastFrame{Room: "after", Frame: textFrame("three")})
		b.w.take(&SendFrame{c, textFrame("four")})
		b.pass()
	}
	if code := actorstest.CloseCode(t, s); code != wire.ClosePolicy {
		t.Fatalf("the last frame is no close frame: %q", s.Data)
	}
	b.w.take(DetachClient{c})
	if len(b.w.Clients) != 0 || len(b.w.audiences) != 0 {
		t.Fatalf("the writer keeps %d clients and %d audiences", len(b.w.Clients), len(b.w.audiences))
	}
}
