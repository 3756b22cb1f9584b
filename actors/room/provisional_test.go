package room

import (
	"fmt"
	"testing"

	"chatnode/actors/chat"
	"chatnode/actors/publisher"
	"chatnode/actors/wire"
)

// The replays of a journal are dropped in order, at a cost per write that does not depend on the length of the
// journal.
func TestReplaysAreDroppedInOrder(t *testing.T) {
	var p provisionalEntries
	const writes = 50_000
	id := func(i int) string { return fmt.Sprintf("0-%d", i) }
	for i := range writes {
		p.add(chat.Entry{Kind: chat.EntryMessage, ID: id(i)})
		p.addReplay(&publisher.WriteCommitted{Write: chat.Write{ID: id(i), Kind: chat.EntryMessage}, Receipt: chat.Receipt{Epoch: "e", Seq: uint64(i) + 1}})
	}
	for i := range writes {
		p.remove(id(i))
		p.dropResolvedReplays(wire.Position{})
		if len(p.replays) != writes-i-1 {
			t.Fatalf("%d replays left after %d of %d were displayed", len(p.replays), i+1, writes)
		}
	}
}
