package actors

import (
	"testing"

	"chatnode/actors/wire"
)

// The close frame is the last of a connection, also for a client whose join is answered behind it.
func TestNothingFollowsTheCloseFrame(t *testing.T) {
	b := newBench(t, 1<<20)
	c, s := b.client(1)
	b.w.take(&enter{"before", c, textFrame("joined")})
	b.w.take(&broadcast{room: "before", frame: textFrame("one")})
	b.w.take(&cut{c, wire.ClosePolicy, "banned"})
	b.w.take(&enter{"after", c, textFrame("joined")})
	for range 2 {
		b.w.take(&broadcast{room: "before", frame: textFrame("two")})
		b.w.take(&broadcast{room: "after", frame: textFrame("three")})
		b.w.take(&unicast{c, textFrame("four")})
		b.pass()
	}
	if code := closeCode(t, s); code != wire.ClosePolicy {
		t.Fatalf("the last frame is no close frame: %q", s.data)
	}
	b.w.take(detach{c})
	if len(b.w.clients) != 0 || len(b.w.audiences) != 0 {
		t.Fatalf("the writer keeps %d clients and %d audiences", len(b.w.clients), len(b.w.audiences))
	}
}
