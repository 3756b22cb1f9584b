package simulation

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
)

// INV-1 allows that a failover loses a deletion if no running node remembers it. A node remembers a deletion that it
// acknowledged, also one in its journal. A node that answered "not found" to the same deletion does not.
func TestLossAllowed(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(w *chat.Write, n *node)
		allowed bool
	}{
		"first attempt":       {func(*chat.Write, *node) {}, true},
		"in a journal":        {func(w *chat.Write, n *node) { n.journal.Writes = []chat.Write{*w} }, false},
		"append after a loss": {func(w *chat.Write, _ *node) { w.Again = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sim{redis: newRedisModel()}
			for range 2 {
				s.nodes = append(s.nodes, &node{link: &nodeLink{sim: s, redis: s.redis, alive: true}, journal: &actorstest.FakeJournal{}})
			}
			first, other := s.nodes[0], s.nodes[1]
			ann := chat.Author{ID: "ann"}
			first.link.store(chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryMessage, ID: "0-m", Key: "m", Text: "hello", Author: ann})
			s.redis.snapshot()
			first.link.store(chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryDelete, ID: "1-d", Key: "d1", Target: "0-m", Author: ann})
			again := chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryDelete, ID: "1-e", Key: "d2", Target: "0-m", Author: ann}
			c.prepare(&again, other)
			if r := other.link.store(again); r.Refused != chat.RefusedNotFound {
				t.Fatalf("second deletion: %+v, want not found", r)
			}
			s.redis.failover()
			words := s.redis.describe(&again)
			if s.redis.lossAllowed(words) {
				t.Error("loss allowed while the node that stored it runs")
			}
			first.link.alive = false
			if got := s.redis.lossAllowed(words); got != c.allowed {
				t.Errorf("loss allowed after that node crashed: %v, want %v", got, c.allowed)
			}
			other.link.alive = false
			if !s.redis.lossAllowed(words) {
				t.Error("loss not allowed after all nodes crashed")
			}
		})
	}
}
