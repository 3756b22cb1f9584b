package room

import (
	"fmt"
	"testing"
	"time"

	"chatnode/actors/chat"
	"chatnode/actors/publisher"
	"chatnode/actors/timeline"
)

// A journal of any length is settled in the order of its replay, each write at the same cost.
func TestReplayedIsForgottenInOrder(t *testing.T) {
	r := &Room{state: timeline.New(8, time.Second)}
	const writes = 50_000
	id := func(i int) string { return fmt.Sprintf("0-%d", i) }
	for i := range writes {
		r.provisional.add(chat.Entry{Kind: chat.EntryMessage, ID: id(i)})
		r.unplacedReplays = append(r.unplacedReplays, &publisher.WriteCommitted{Write: chat.Write{ID: id(i), Kind: chat.EntryMessage}, Receipt: chat.Receipt{Epoch: "e", Seq: uint64(i) + 1}})
	}
	for i := range writes {
		r.provisional.settle(id(i))
		r.dropResolvedReplays()
		if len(r.unplacedReplays) != writes-i-1 {
			t.Fatalf("%d replayed after %d of %d were shown", len(r.unplacedReplays), i+1, writes)
		}
	}
}
