package fanout

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/wire"
)

// The close frame is the last frame, also if a join is answered after it.
func TestCloseFrameIsLast(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.handle(&JoinGroup{"before", c, textFrame("joined")})
	b.w.handle(&BroadcastFrame{Room: "before", Frame: textFrame("one")})
	b.w.handle(&closeClient{c, wire.ClosePolicy, "banned"})
	b.w.handle(&JoinGroup{"after", c, textFrame("joined")})
	for range 2 {
		b.w.handle(&BroadcastFrame{Room: "before", Frame: textFrame("two")})
		b.w.handle(&BroadcastFrame{Room: "after", Frame: textFrame("three")})
		b.w.handle(&SendFrame{c, textFrame("four")})
		b.finishPass()
	}
	if code := actorstest.CloseCode(t, s); code != wire.ClosePolicy {
		t.Fatalf("the last frame is not the close frame: %q", s.Data)
	}
	b.w.handle((*detachClient)(c))
	if len(b.w.Clients) != 0 || len(b.w.groups) != 0 {
		t.Fatalf("the writer has %d clients and %d groups after the detach, want 0", len(b.w.Clients), len(b.w.groups))
	}
}
