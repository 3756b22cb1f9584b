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
		r.provisional.add(chat.Entry{Kind: chat.KindMessage, ID: id(i)})
		r.replayed = append(r.replayed, &publisher.Evident{Write: chat.Write{ID: id(i), Kind: chat.KindMessage}, Receipt: chat.Receipt{Epoch: "e", Seq: uint64(i) + 1}})
	}
	for i := range writes {
		r.provisional.settle(id(i))
		r.forgetReplayed()
		if len(r.replayed) != writes-i-1 {
			t.Fatalf("%d replayed after %d of %d were shown", len(r.replayed), i+1, writes)
		}
	}
}
