package simulation

import (
	"testing"

	"chatnode/actors/actorstest"
	"chatnode/actors/chat"
)

// What the oracle of INV-1 excuses: a deletion that a failover has lost, once no node is left that remembers it. One
// that was asked for the same and has told its client that there is no such message remembers nothing; one that
// had acknowledged it, to its journal or before it was lost, does.
func TestWhoRemembersALoss(t *testing.T) {
	for name, c := range map[string]struct {
		ask       func(w *chat.Write, n *simNode)
		forgotten bool
	}{
		"asked just now":      {func(*chat.Write, *simNode) {}, true},
		"it is in a journal":  {func(w *chat.Write, n *simNode) { n.journal.Writes = []chat.Write{*w} }, false},
		"it is appended anew": {func(w *chat.Write, _ *simNode) { w.Again = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := &sim{redis: newSimRedis()}
			for range 2 {
				s.nodes = append(s.nodes, &simNode{link: &simLink{sim: s, redis: s.redis, alive: true}, journal: &actorstest.SimJournal{}})
			}
			first, other := s.nodes[0], s.nodes[1]
			ann := chat.Author{ID: "ann"}
			first.link.store(chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryMessage, ID: "0-m", Key: "m", Text: "hello", Author: ann})
			s.redis.snapshot()
			first.link.store(chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryDelete, ID: "1-d", Key: "d1", Target: "0-m", Author: ann})
			again := chat.Write{Room: chat.DefaultRoom, Kind: chat.EntryDelete, ID: "1-e", Key: "d2", Target: "0-m", Author: ann}
			c.ask(&again, other)
			if r := other.link.store(again); r.Refused != chat.RefusedNotFound {
				t.Fatalf("the second deletion: %+v", r)
			}
			s.redis.failover()
			words := s.redis.words(&again)
			if s.redis.forgotten(words) {
				t.Error("it is forgotten while the node lives that was told that it is stored")
			}
			first.link.alive = false
			if got := s.redis.forgotten(words); got != c.forgotten {
				t.Errorf("with that node it is forgotten: %v, want %v", got, c.forgotten)
			}
			other.link.alive = false
			if !s.redis.forgotten(words) {
				t.Error("nobody is left, and it is not forgotten")
			}
		})
	}
}
