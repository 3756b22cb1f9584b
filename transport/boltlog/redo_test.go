package boltlog

import (
	"testing"

	"chatnode/actors/chat"
)

// TestRepeatedRound: a failed round is repeated, and readers never see a text that its first attempt had already
// removed.
func TestRepeatedRound(t *testing.T) {
	log := openInternal(t, Options{})
	var batch []chat.Write
	for n := range 3 * smallTx.records {
		batch = append(batch, message("a", n))
	}
	mustAppend(t, log, batch...)
	mustAppend(t, log, chat.Write{Room: "a", Kind: chat.EntryDelete, ID: "gone", Target: batch[0].ID, Author: batch[0].Author}, message("b", 1))
	checkDeleted := func(when string) {
		t.Helper()
		if e := pageOf(t, log, "a").Entries[0]; e.Kind != chat.EntryDelete || e.Message.Text != "" {
			t.Fatalf("%s, the deleted message is %+v", when, e)
		}
	}
	limits := smallTx
	limits.rooms = 1 // the other room gets its own transaction
	round := func(txs []*checkpointTx) {
		t.Helper()
		for _, c := range txs {
			if err := log.db.Update(c.run); err != nil {
				t.Fatal(err)
			}
			log.finishTx(c)
			log.noteSavedKeys(c)
			checkDeleted("during a round")
		}
	}
	txs := log.splitTx(log.startRound(), limits)
	if len(txs) < 5 {
		t.Fatalf("%d txs, want four of one room and one of the other", len(txs))
	}
	round(txs[:len(txs)-1]) // the last one fails
	mustAppend(t, log, message("a", len(batch)))
	round(log.splitTx(log.startRound(), limits))
	again := reopenCopy(t, log)
	if p := pageOf(t, again, "a"); len(p.Entries) != len(batch)+2 || pageOf(t, again, "b").Seq != 1 || p.Entries[0].Kind != chat.EntryDelete {
		t.Fatalf("after a kill: %d entries, first %+v", len(p.Entries), p.Entries[0])
	}
}
