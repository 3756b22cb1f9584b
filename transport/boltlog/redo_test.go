package boltlog

import (
	"testing"

	"chatnode/actors/chat"
)

// TestARoundThatIsBegunAgain: a round that failed is begun again, and meanwhile nobody reads what its first try
// had taken away already: a text that was deleted stays deleted.
func TestARoundThatIsBegunAgain(t *testing.T) {
	log := openInside(t, Options{})
	var batch []chat.Write
	for n := range 3 * smallJobs.records {
		batch = append(batch, message("a", n))
	}
	mustAppend(t, log, batch...)
	mustAppend(t, log, chat.Write{Room: "a", Kind: chat.EntryDelete, ID: "gone", Target: batch[0].ID, Author: batch[0].Author}, message("b", 1))
	look := func(when string) {
		t.Helper()
		if e := pageOf(t, log, "a").Entries[0]; e.Kind != chat.EntryDelete || e.Message.Text != "" {
			t.Fatalf("%s the deleted message is %+v", when, e)
		}
	}
	most := smallJobs
	most.rooms = 1 // the other room has a job of its own
	round := func(jobs []*checkpointTx) {
		t.Helper()
		for _, j := range jobs {
			if err := log.db.Update(j.run); err != nil {
				t.Fatal(err)
			}
			log.finish(j)
			log.keysSaved(j)
			look("during a round")
		}
	}
	jobs := log.splitTx(log.begin(), most)
	if len(jobs) < 5 {
		t.Fatalf("%d jobs, want four of one room and one of the other", len(jobs))
	}
	round(jobs[:len(jobs)-1]) // the last one fails
	mustAppend(t, log, message("a", len(batch)))
	round(log.splitTx(log.begin(), most))
	again := killed(t, log)
	if p := pageOf(t, again, "a"); len(p.Entries) != len(batch)+2 || pageOf(t, again, "b").Seq != 1 || p.Entries[0].Kind != chat.EntryDelete {
		t.Fatalf("after a kill: %d entries, the first %+v", len(p.Entries), p.Entries[0])
	}
}
